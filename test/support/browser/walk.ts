import type { Page } from 'playwright-core'
import { violationsOf } from './axe.ts'

const widths = [320, 375, 640, 768, 1000, 1024, 1120, 1280, 1440, 1920]
const widthsForAxe = [375, 1440]

/** What is wider than the page: its path in the document, and by how many pixels. */
const sideways = `(() => {
  const page = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= page) return []
  const name = ({ localName, id, className }) => localName + (id ? '#' + id : '') + (className?.baseVal === undefined && className ? '.' + className : '')
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > page + 1 && element.checkVisibility() && !element.closest('.unseen'))
    .slice(0, 5)
    .map((element) => name(element.parentElement) + ' > ' + name(element) + ': ' + Math.round(element.getBoundingClientRect().right - page))
})()`

/** What is chosen, and shows it by nothing but a colour. */
const onlyColoured = `[...document.querySelectorAll('[aria-current], [aria-pressed=true], [aria-selected=true], .chosen')]
  .filter((element) => element.checkVisibility())
  .filter((element) => {
    const { outlineStyle, borderBottomStyle } = getComputedStyle(element)
    return outlineStyle === 'none' && borderBottomStyle === 'none' && getComputedStyle(element, '::after').content === 'none'
  })
  .map(({ outerHTML }) => outerHTML.slice(0, 120))`

/** What is wrong with a page as it is: at many widths, in both themes, in the system's colours. Wants `bypassCSP`. */
export async function misfitsOf(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    const inAxe = widthsForAxe.includes(width) ? await violationsOf(page) : []
    found.push(...[...(await page.evaluate<string[]>(sideways)), ...inAxe].map((one) => `${width} px: ${one}`))
  }
  await page.emulateMedia({ forcedColors: 'active' })
  found.push(...(await page.evaluate<string[]>(onlyColoured)).map((one) => `forced colours: ${one}`))
  await page.emulateMedia({ forcedColors: 'none' })
  return found
}
