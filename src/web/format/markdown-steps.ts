import type { MarkdownIt } from 'markdown-it'

export type Steps = { left: number }

const stepsOfLink = 5
const maxLevel = 96

class OutOfSteps extends Error {}

function take(steps: Steps, count: number): void {
  steps.left -= count
  if (steps.left < 0) throw new OutOfSteps()
}

/** Counts the parser's steps: texts of the same length differ a thousandfold (95 KB of "[" take half a second). */
export function countSteps(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('text', 'steps', ({ env }) => {
    take((env as { steps: Steps }).steps, 1)
    return false
  })
  markdown.block.ruler.before(
    'table',
    'steps',
    ({ env, level }) => {
      // Beyond its own limit the parser leaves the rest of the text out.
      if (level >= maxLevel) throw new OutOfSteps()
      take((env as { steps: Steps }).steps, 1)
      return false
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  )
}

/** Undefined where it takes more steps than are left. */
export function renderWithin(steps: Steps, markdown: MarkdownIt, text: string): string | undefined {
  try {
    take(steps, stepsOfLink * (text.match(/https?:|mailto:/gi)?.length ?? 0))
    return markdown.render(text, { steps })
  } catch (error) {
    if (error instanceof OutOfSteps) return undefined
    throw error
  }
}
