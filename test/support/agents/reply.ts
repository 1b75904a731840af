import type { Reply } from '../../../src/agent/http/exchange.ts'

/** An answer of an agent, as JSON unless said otherwise. A string is the body as it is; anything else is written as JSON. */
export function reply(body: unknown, { status = 200, statusText = '', contentType = 'application/json' } = {}): Reply {
  return { status, statusText, contentType, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) }
}

export const webPage = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body></body></html>'
