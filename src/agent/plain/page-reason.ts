import { readReason } from './reasons.ts'

/** Where an error page has its sentence: Express in a <pre>, before the stack; Flask and Apache below the heading. */
const places = [/<pre>([^<]*)/i, /<\/h1>\s{0,9}<p>([^<]*)/i]
const looked = 16 * 1024
const maxReason = 300
const signs: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ', '#39': "'", '#x27': "'" }

/** What an error page of a web framework says went wrong; empty where it only repeats its status. */
export function readPageReason({ status, statusText, text }: Parameters<typeof readReason>[0]): string {
  const page = text.slice(0, looked)
  for (const place of places) {
    const said = wordsOf(place.exec(page)?.[1] ?? '').replace(/^Error: /, '')
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
