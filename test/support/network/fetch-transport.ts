import type { Transport } from '../../../src/agent/http/transport.ts'

/** A transport over the global fetch, which msw answers: for tests that stand in for agents within the process. */
export const fetchTransport: Transport = async ({ method, url, headers, body, signal, onSend }) => {
  onSend()
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers,
    signal,
    ...(body !== undefined && { body }),
  })
  return {
    status: response.status,
    statusText: response.statusText,
    headers: Object.fromEntries(response.headers),
    body: response.body ?? ReadableStream.from([]),
    close: () => void response.body?.cancel().catch(() => undefined),
  }
}
