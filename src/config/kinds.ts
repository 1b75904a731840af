import { isIPv6 } from 'node:net'
import { z } from 'zod'
import { parseKey } from '../shared/secrets/key-text.ts'

/** Kinds of values. A message begins with "must", as it follows what was given. */
export const seconds = (max: number) => z.coerce.number().positive().max(max)

export const count = (max: number) => z.coerce.number().int().min(1).max(max)

export const countOrZero = (max: number) => wholeNumber('must be 0 or more', `must be ${max} or less`, max)

export const port = () => wholeNumber('must be 0 to 65535', 'must be 0 to 65535', 65_535)

export const word = (needed: string) => z.string().min(1, needed)

/** An empty value means none, as for `secretKey`. */
export const secret = (minLength = 1) =>
  z.string().refine((given) => given === '' || given.length >= minLength, `must have ${minLength} characters or more`)

export const secretKey = () =>
  z
    .string()
    .refine(
      (given) => given === '' || parseKey(given) !== undefined,
      'must be 32 random bytes, as 64 hexadecimal digits or in base64: "openssl rand -hex 32" makes one',
    )

export const yesOrNo = () => z.union([z.boolean(), z.stringbool()], { error: 'must be true or false' })

export const listOf = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item))

export const hostName = () => z.string().transform(readHostName)

export const traceUrl = () => z.string().transform(readTraceUrl)

function wholeNumber(tooSmall: string, tooLarge: string, max: number) {
  return z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(0, tooSmall)
    .max(max, tooLarge)
}

function readHostName(name: string, { addIssue }: z.RefinementCtx): string {
  const bare = /^\[.*\]$/.test(name) ? name.slice(1, -1) : name
  const url = `http://${isIPv6(bare) ? `[${bare}]` : bare}`
  if (!(/[\s/?#@*\\]/.test(bare) || (bare.includes(':') && !isIPv6(bare))) && URL.canParse(url))
    return new URL(url).hostname.replace(/^\[|\]$|\.$/g, '')
  addIssue({
    code: 'custom',
    message: `must hold host names alone, such as agents.example.com: not "${name}", and no scheme, port, path or wildcard`,
  })
  return z.NEVER
}

function readTraceUrl(given: string, { addIssue }: z.RefinementCtx): string {
  const url = given.trim()
  if (url === '') return ''
  const example = url.replaceAll('{trace_id}', '0af7651916cd43dd8448eb211c80319c')
  const isWeb = URL.canParse(example) && /^https?:$/.test(new URL(example).protocol) && !/\s/.test(url)
  if (isWeb && example !== url) return url
  addIssue({
    code: 'custom',
    message: 'must be an http or https URL with {trace_id} in it, such as https://jaeger.example.com/trace/{trace_id}',
  })
  return z.NEVER
}
