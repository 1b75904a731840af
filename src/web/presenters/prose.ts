import markdownIt from 'markdown-it'

/** Raw HTML stays text, and links are to the web or to mail only. */
const markdown = markdownIt({ html: false, linkify: false }).disable('image')
markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim())
const openLink = markdown.renderer.rules.link_open
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index]!.attrSet('rel', 'noopener noreferrer nofollow')
  tokens[index]!.attrSet('target', '_blank')
  return openLink ? openLink(tokens, index, options, env, self) : self.renderToken(tokens, index, options)
}

/** A heading, a list of several points, a fence, a table or strong text: what plain sentences do not have. */
const looksLikeMarkdown =
  /^#{1,6} \S|^(?:[-*+]|\d+[.)]) \S.*\n(?:[-*+]|\d+[.)]|\n)|^```|^\|.+\|\n\|[ :|-]+\||\*\*\S[^\n*]*\*\*/m

/** Safe HTML for the JSON text of a string that is Markdown; undefined for any other. */
export function presentProse(json: string): string | undefined {
  if (!looksLikeMarkdown.test(json.slice(1, -1).replaceAll('\\n', '\n'))) return undefined
  try {
    const text = JSON.parse(json) as string
    return looksLikeMarkdown.test(text) ? markdown.render(text) : undefined
  } catch {
    return undefined
  }
}
