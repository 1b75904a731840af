type Failure = { code?: unknown; message?: unknown; cause?: unknown }

/** By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const ofConnection = /^(?:08|57P0[1-5]|53300$)/
const ofSocket = /^(?:E[A-Z]+|CERT_|ERR_TLS|ERR_SSL|DEPTH_|SELF_SIGNED|UNABLE_)/
const stoodStill = '25P03'
/** As `pg` puts it. */
const ofDriver =
  /^(?:Connection terminated|Client has encountered a connection error|Query read timeout|Client was closed|.*not queryable)/i

export const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as Failure
  return typeof code === 'string' ? code : ''
}

/** An error of drizzle has that of the driver as its cause. */
export const original = (error: unknown): unknown => {
  const { cause } = (error ?? {}) as Failure
  return codeOf(error) === '' && cause !== undefined ? cause : error
}

/** Whether the connection is gone, or cannot be made. */
export function isLost(error: unknown): boolean {
  const { message } = (error ?? {}) as Failure
  const code = codeOf(error)
  if (code !== '') return ofConnection.test(code) || ofSocket.test(code)
  return ofDriver.test(String(message))
}

/** Whether the connection is gone while another may be had: we did not wait for it in vain. */
export const hasEnded = (error: unknown): boolean =>
  codeOf(error) === stoodStill || (isLost(error) && !/timeout/i.test(String((error as Failure).message)))

/** Whether the same change may succeed when it is tried again at once. */
export const isRepeatable = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error))

/** A lock, the answer, or a connection of ours took too long. */
export const isBusy = (error: unknown): boolean =>
  ['55P03', '57014', '25P03', '25P04'].includes(codeOf(error)) ||
  /^timeout exceeded when trying to connect/.test(String((error as Failure | undefined)?.message))
