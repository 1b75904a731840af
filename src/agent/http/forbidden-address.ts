import { isIP } from 'node:net'

/** Link-local, and where clouds give out credentials: Alibaba, Azure, Oracle; the others use 169.254.169.254. */
const forbidden4 = ['169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192'].map((start) =>
  start.split('.').map(Number),
)
const forbidden6 = ['fd00:ec2::/32', 'fd20:ce::254/128', 'fd00:42::42/128', 'fd00:c1::a9fe:a9fe/128'].map(prefixOf)
const linkLocal = prefixOf('fe80::/10')

type Embedding = { prefix: Prefix; at: number[]; isInverted?: boolean }

const last = [12, 13, 14, 15]
const embeddings: Embedding[] = [
  { prefix: prefixOf('::/96'), at: last },
  { prefix: prefixOf('::ffff:0:0/96'), at: last },
  { prefix: prefixOf('::ffff:0:0:0/96'), at: last },
  // NAT64: the well-known prefix, and both forms of the local one.
  { prefix: prefixOf('64:ff9b::/96'), at: last },
  { prefix: prefixOf('64:ff9b:1::/48'), at: last },
  { prefix: prefixOf('64:ff9b:1::/48'), at: [6, 7, 9, 10] },
  // 6to4, and Teredo with its server and client.
  { prefix: prefixOf('2002::/16'), at: [2, 3, 4, 5] },
  { prefix: prefixOf('2001::/32'), at: [4, 5, 6, 7] },
  { prefix: prefixOf('2001::/32'), at: last, isInverted: true },
]

/** Takes every spelling that sockets take. */
export function isForbidden(address: string): boolean {
  const plain = address.replace(/%.*$/, '')
  if (isIP(plain) === 4) return isForbidden4(plain.split('.').map(Number))
  if (isIP(plain) !== 6) return true
  const bytes = bytesOf(plain)
  return startsWith(bytes, linkLocal) || forbidden6.some((prefix) => startsWith(bytes, prefix)) || leadsTo4(bytes)
}

function leadsTo4(bytes: number[]): boolean {
  return embeddings.some(({ prefix, at, isInverted }) => {
    const embedded = at.map((index) => (isInverted ? 255 - bytes[index]! : bytes[index]!))
    return startsWith(bytes, prefix) && isForbidden4(embedded)
  })
}

function isForbidden4(bytes: number[]): boolean {
  return forbidden4.some((start) => start.every((byte, index) => bytes[index] === byte))
}

type Prefix = { bytes: number[]; bits: number }

function prefixOf(written: string): Prefix {
  const [address, bits] = written.split('/')
  return { bytes: bytesOf(address!), bits: Number(bits) }
}

function startsWith(bytes: number[], { bytes: start, bits }: Prefix): boolean {
  return bytes.every((byte, index) => {
    const own = Math.max(0, Math.min(8, bits - 8 * index))
    return byte >> (8 - own) === start[index]! >> (8 - own)
  })
}

function bytesOf(address: string): number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`
  })
  const [head = [], tail = []] = hex.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = hex.includes('::') ? Array(8 - head.length - tail.length).fill('0') : []
  return [...head, ...zeros, ...tail].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}
