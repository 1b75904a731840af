import { readReason } from './reasons.ts'

/** Express writes the error into a <pre>, before the stack; Flask and Apache below the heading. */
const patterns = [/<pre>([^<]*)/i, /<\/h1>\s{0,9}<p>([^<]*)/i]
const maxSearched = 16 * 1024
const maxReason = 300
const signs: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ', '#39': "'", '#x27': "'" }

export function readPageReason({ status, statusText, text }: Parameters<typeof readReason>[0]): string {
  const page = text.slice(0, maxSearched)
  for (const pattern of patterns) {
    const said = wordsOf(pattern.exec(page)?.[1] ?? '').replace(/^Error: /, '')
    const reason = said === '' ? '' : readReason({ status, statusText, text: said }).text
    if (reason !== '') return reason.slice(0, maxReason)
  }
  return ''
}

function wordsOf(html: string): string {
  return html
    .replace(/&(lt|gt|amp|quot|nbsp|#39|#x27);/gi, (whole, name: string) => signs[name.toLowerCase()] ?? whole)
    .replace(/\s+/g, ' ')
    .trim()
}
