import { isIPv4, isIPv6 } from 'node:net'

/** Whether other machines can reach a server that listens on this host; assumed for unknown names. */
export function isExposed(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  if (isIPv4(name)) return !name.startsWith('127.')
  if (isIPv6(name)) return !/^(?:0*:)*:?0*1$|^(?:0*:)*:?ffff:127\./.test(name)
  return !/^(?:.+\.)?localhost\.?$/.test(name)
}
