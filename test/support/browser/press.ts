import type { Locator, Page } from 'playwright-core'

/** A function that runs in the page; the types of a page are not those of the tests. */
export const inPage = <T>(parameter: string, body: string) => new Function(parameter, body) as (argument: unknown) => T

/**
 * Presses the words of something, as a hand does: with the mouse, in the middle of the first text in it that can be
 * seen. What has no text is pressed in its middle.
 */
export async function press(target: Locator, options: { shift?: boolean } = {}): Promise<void> {
  await target.waitFor()
  await target.scrollIntoViewIfNeeded()
  const { x, y } = await target.evaluate(middleOfSeenWords)
  const page = target.page()
  if (options.shift) await page.keyboard.down('Shift')
  await page.mouse.click(x, y)
  if (options.shift) await page.keyboard.up('Shift')
}

/** What is behind the bar on top is in view for the browser, and not for a hand. */
const clearOfBar = `
  const bar = document.querySelector('body > .bar')
  const { top } = element.getBoundingClientRect()
  const hidden = bar && !bar.contains(element) && !element.closest('dialog') ? bar.offsetHeight - top : 0
  if (hidden > 0) scrollBy(0, -hidden)
`

/** Presses the words that are exactly `words` on the page, whatever they belong to. */
export const pressWords = (page: Page, words: string): Promise<void> =>
  press(page.getByText(words, { exact: true }).filter({ visible: true }).first())

const middle = `
  const middleOf = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  while (texts.nextNode()) {
    const { currentNode } = texts
    if (currentNode.textContent.trim() === '' || currentNode.parentElement.closest('.unseen')) continue
    range.selectNodeContents(currentNode)
    const [box] = range.getClientRects()
    if (box && box.width > 1) return middleOf(box)
  }
  return middleOf(element.getBoundingClientRect())
`

type Point = { x: number; y: number }

/** Runs in the page. */
export const middleOfWords = inPage<Point>('element', middle)
const middleOfSeenWords = inPage<Point>('element', clearOfBar + middle)
