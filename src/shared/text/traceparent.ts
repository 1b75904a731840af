/** A trace that several programs share (W3C Trace Context). */
export type TraceContext = { traceId: string; isSampled: boolean }

const version = /^(?!ff)[\da-f]{2}-/
const layout =
  /^(?<version>[\da-f]{2})-(?<traceId>[\da-f]{32})-(?<parentId>[\da-f]{16})-(?<flags>[\da-f]{2})(?<more>-.*)?$/
const zeros = /^0+$/

/** Undefined for a header that the standard says to ignore. Later versions may add parts at its end. */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  const parts = header === undefined || !version.test(header) ? undefined : layout.exec(header)?.groups
  if (!parts || (parts.version === '00' && parts.more !== undefined)) return undefined
  const { traceId, parentId, flags } = parts as Record<string, string>
  if (zeros.test(traceId!) || zeros.test(parentId!)) return undefined
  return { traceId: traceId!, isSampled: (Number.parseInt(flags!, 16) & 1) === 1 }
}

export function writeTraceparent({ traceId, isSampled }: TraceContext, spanId: string): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}

export const isTraceId = (text: string): boolean => /^[\da-f]{32}$/.test(text) && !zeros.test(text)
