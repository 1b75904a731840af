import type { HTMLElement } from 'node-html-parser'

/** What a printed field holds. HTML drops the first line break of a textarea. */
export function printedValue(field: HTMLElement): string {
  return field.tagName === 'TEXTAREA' ? field.text.replace(/^\n/, '') : (field.getAttribute('value') ?? '')
}

/** The words of an element, as they are read. */
export function wordsOf(element: HTMLElement | null): string {
  return (element?.text ?? '').replace(/\s+/g, ' ').trim()
}
