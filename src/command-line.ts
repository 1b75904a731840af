import { basename, relative } from 'node:path'

const name = 'configurable-agents'

/** A command of this program as a person types it here: by its name where it is installed, else by its file. */
export function commandLine(...words: string[]): string {
  const script = process.argv[1] ?? ''
  const isClone = basename(script) === `${name}.js`
  return [isClone ? `node ${quoted(relative(process.cwd(), script))}` : name, ...words.map(quoted)].join(' ')
}

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
