// Each asks “configurable-agents complete” with the words so far. None expands what comes back: agents name themselves.

/** Bash splits its own words at “:” and “=”. */
const bash = `_configurable_agents() {
  local line="\${COMP_LINE:0:COMP_POINT}" found
  local -a words
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  COMPREPLY=()
  while IFS= read -r found; do COMPREPLY+=("$found"); done < <(configurable-agents complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _configurable_agents configurable-agents
`

const zsh = `#compdef configurable-agents
_configurable_agents() {
  local -a found
  found=("\${(@f)$(configurable-agents complete -- "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found[1]" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
if [[ "$funcstack[1]" == _configurable-agents ]]; then _configurable_agents; else compdef _configurable_agents configurable-agents; fi
`

const fish = `complete -c configurable-agents -f -a '(configurable-agents complete -- (commandline -opc) (commandline -ct) 2>/dev/null)'
complete -c configurable-agents -F -n 'string match -qr -- "^--(output|json|db)\\$" (commandline -opc)[-1]'
`

export const scripts = { bash, zsh, fish }
