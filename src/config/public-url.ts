import { z } from 'zod'

export type PublicAddress = {
  /** `https://tools.example.com`; undefined where only the request tells. */
  origin: string | undefined
  /** Before every path; empty, or `/agents`. */
  basePath: string
  isSecure: boolean
}

export function publicAddressOf({ publicUrl }: { publicUrl: string }): PublicAddress {
  if (publicUrl === '') return { origin: undefined, basePath: '', isSecure: false }
  const { origin, pathname, protocol } = new URL(publicUrl)
  return { origin, basePath: pathname === '/' ? '' : pathname, isSecure: protocol === 'https:' }
}

export const publicUrl = () => z.string().transform(readPublicUrl)

/** What is the same in an address, in a cookie and in the configuration of a proxy. */
const plainPath = /^(?:\/[\w.~-]+)*$/

function readPublicUrl(given: string, { addIssue }: z.RefinementCtx): string {
  const text = given.trim()
  if (text === '') return ''
  if (URL.canParse(text) && !/[?#@\\]/.test(text)) {
    const { origin, pathname, protocol } = new URL(text)
    const path = pathname.replace(/\/+$/, '')
    if (/^https?:$/.test(protocol) && plainPath.test(path)) return origin + path
  }
  addIssue({
    code: 'custom',
    message:
      'must be the http or https URL that people open, such as https://tools.example.com/agents/, with nothing after its path, and in the path only letters, digits and . _ ~ -',
  })
  return z.NEVER
}
