import type { FoundRun } from '../../orchestrator/runs/commands.ts'

type Exchange = FoundRun['exchanges'][number]

export function presentExchange(exchange: Exchange) {
  const {
    method,
    url,
    attempt,
    status,
    failure,
    durationMs,
    requestHeaders,
    requestBody,
    responseHeaders,
    responseBody,
  } = exchange
  return {
    title: `${method} ${url}`,
    attempt,
    outcome: status === null ? (failure ?? 'no answer') : String(status),
    tone: status !== null && status < 400 ? 'good' : 'bad',
    duration: `${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`,
    sent: wire(requestHeaders, requestBody),
    received: responseHeaders === null ? '' : wire(responseHeaders, responseBody),
  }
}

function wire(headers: Exchange['requestHeaders'], body: string | null): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [...lines, ...(body ? ['', body] : [])].join('\n')
}
