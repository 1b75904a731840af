import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import { onTestFinished } from 'vitest'

/** What a name server says of a name: its addresses, that there is none of that name, that it cannot say, or nothing. */
export type Zone = Record<string, string[] | 'unknown' | 'failing' | 'silent'>

const types: Record<number, 4 | 6> = { 1: 4, 28: 6 }
const codes = { unknown: 3, failing: 2 }

/** A name server on a loopback port. What is not in the zone is unknown; `asked` are the names, once for each kind. */
export async function startNameServer(zone: Zone, ttl = 60) {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { address, port }) => {
    const { name, end } = readName(query)
    const family = types[query.readUInt16BE(end)]
    asked.push(`${name} ${family}`)
    const said = zone[name] ?? 'unknown'
    if (said === 'silent') return
    const records =
      typeof said === 'string' ? [] : said.filter((one) => isIP(one) === family).map((one) => record(one, ttl))
    const head = Buffer.alloc(12)
    query.copy(head, 0, 0, 2)
    head.writeUInt16BE(0x8180 | (typeof said === 'string' ? codes[said] : 0), 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(records.length, 6)
    socket.send(Buffer.concat([head, query.subarray(12, end + 4), ...records]), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    socket.close()
  })
  return { server: `127.0.0.1:${socket.address().port}`, asked, zone }
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (; query[at] !== 0; at += query[at]! + 1) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!))
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

/** A record that refers to the name in the question. */
function record(address: string, ttl: number): Buffer {
  const bytes =
    isIP(address) === 4
      ? Buffer.from(address.split('.').map(Number))
      : Buffer.from(
          address
            .split(':')
            .map((group) => group.padStart(4, '0'))
            .join(''),
          'hex',
        )
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(isIP(address) === 4 ? 1 : 28, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(ttl, 6)
  head.writeUInt16BE(bytes.length, 10)
  return Buffer.concat([head, bytes])
}
