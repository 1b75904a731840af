import { createRequire } from 'node:module'
import type { MarkdownIt } from 'markdown-it'
import { countSteps } from './markdown-steps.ts'

const require = createRequire(import.meta.url)

let made: MarkdownIt | undefined

/** Loaded with the first text that needs it: no start has to wait for it. */
export function markdownParser(): MarkdownIt {
  made ??= create()
  return made
}

function create(): MarkdownIt {
  const markdownIt = require('markdown-it') as typeof import('markdown-it').default
  const markdown = markdownIt({ html: false, linkify: true, breaks: true }).disable('image').use(countSteps)
  markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim())
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
  // The content security policy allows no style.
  markdown.core.ruler.push('align', ({ tokens }) => {
    for (const { attrs } of tokens) {
      const style = attrs?.find(([name]) => name === 'style')
      if (style) style.splice(0, 2, 'align', String(style[1]).replace('text-align:', ''))
    }
  })
  const openLink = markdown.renderer.rules.link_open
  markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
    tokens[index]!.attrSet('rel', 'noopener noreferrer nofollow')
    tokens[index]!.attrSet('target', '_blank')
    return openLink ? openLink(tokens, index, options, env, self) : self.renderToken(tokens, index, options)
  }
  return markdown
}
