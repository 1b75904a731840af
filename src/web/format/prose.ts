import markdownIt from 'markdown-it'
import { countSteps, renderWithin, type Steps } from './markdown-steps.ts'

/** Raw HTML stays text, and links are to the web or to mail only. A line of the text stays a line. */
const markdown = markdownIt({ html: false, linkify: true, breaks: true }).disable('image').use(countSteps)
markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim())
// "example.org" and "file.md" alone are no links.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
const openLink = markdown.renderer.rules.link_open
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index]!.attrSet('rel', 'noopener noreferrer nofollow')
  tokens[index]!.attrSet('target', '_blank')
  return openLink ? openLink(tokens, index, options, env, self) : self.renderToken(tokens, index, options)
}

/** Longer texts, or HTML, would take too long to make and to show. */
const maxMarkdown = 100_000
const maxHtml = 256 * 1024

const listItem = String.raw`(?:[-*+]|\d{1,9}[.)]) +\S.*`
/** What plain sentences do not have. Each takes time in proportion to the text. */
const marks = [
  /^#{1,6} \S/m,
  // Several points, or one with a paragraph after it.
  new RegExp(String.raw`^ {0,3}${listItem}\n(?:\n|(?:.+\n)? *(?:[-*+]|\d{1,9}[.)])(?: |$))`, 'm'),
  /^ {0,3}(?:```|~~~)/m,
  // The second line of a table.
  /^ {0,3}\|? {0,9}:?-+:? {0,9}\|[ :|-]*$/m,
  /\*\*\S[^\n*]*\*\*/,
  /^ {0,3}(?:={3,}|-{3,}) *$/m,
  /^> \S/m,
  /\[[^[\]\n]+\]\((?:https?:|mailto:)[^\s)]/i,
  /<(?:https?:|mailto:)[^\s<>]+>/i,
]

/**
 * What the texts of one page may take together: well under 100 ms. A report of 90 KB, with a word in bold in each line,
 * takes 25,000.
 */
export const stepsOfPage = 40_000

/** Safe HTML for a text that is Markdown; undefined for any other, and for one that takes too long to render. */
export function presentProse(text: string, steps: Steps): string | undefined {
  if (text.length > maxMarkdown || !marks.some((mark) => mark.test(text))) return undefined
  const html = renderWithin(steps, markdown, text)
  return html === undefined || html.length > maxHtml ? undefined : html
}

/** A piece of a text; a link where it has an address. */
export type TextPart = { text: string; href?: string }

/** A text between `before` and `after`, with its bare URLs as links; undefined where it has none. */
export function presentLinks(before: string, text: string, after: string): TextPart[] | undefined {
  if (!/https?:|mailto:/i.test(text)) return undefined
  const parts: TextPart[] = [{ text: before }]
  let at = 0
  for (const { index, lastIndex, url } of markdown.linkify.match(text) ?? []) {
    if (!markdown.validateLink(url)) continue
    parts.push({ text: text.slice(at, index) }, { text: text.slice(index, lastIndex), href: url })
    at = lastIndex
  }
  return at === 0 ? undefined : [...parts, { text: text.slice(at) + after }]
}
