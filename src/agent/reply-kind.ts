import type { Reply } from './exchange.ts'

const maxStatusText = 60

/** `502 Bad Gateway` */
export function statusLine({ status, statusText }: Pick<Reply, 'status' | 'statusText'>): string {
  return statusText ? `${status} ${statusText.slice(0, maxStatusText)}` : String(status)
}

export function isOk({ status }: Pick<Reply, 'status'>): boolean {
  return status >= 200 && status <= 299
}

export function isWebPage({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  return contentType.includes('text/html') || /^\s*<(!doctype|html|head|body)/i.test(text.slice(0, 200))
}

/**
 * Whether an answer that cannot be read as JSON was meant to be JSON: it says so, or it says nothing and begins like
 * JSON.
 */
export function isBrokenJson({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  const type = contentType.split(';')[0]!.trim()
  if (type === '') return /^\s*[{["]/.test(text)
  return /^application\/(?:[\w.-]+\+)?json$/.test(type) && !isLines(text)
}

/** JSON values one a line: a stream of results. */
function isLines(text: string): boolean {
  const lines = text.trim().split('\n')
  return lines.length > 1 && [lines[0]!, lines.at(-1)!].every((line) => /^\s*\{.*\}\s*$/.test(line))
}
