import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

export const addressRange = () => z.string().transform(readRange)

/** Whether an address is in one of these ranges; none is in no range. */
export function rangesOf(ranges: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList()
  for (const range of ranges) addTo(list, range)
  return (address = '') => {
    const bare = unmapped(address)
    return isIP(bare) !== 0 && list.check(bare, familyOf(bare))
  }
}

const unmapped = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')
const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

function addTo(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/')
  if (bits === undefined) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, Number(bits), familyOf(address))
}

function readRange(range: string, { addIssue }: z.RefinementCtx): string {
  const [address = '', bits, ...more] = range.split('/')
  const maxBits = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits)
  if (maxBits > 0 && isRange && more.length === 0 && !address.includes('%')) return range
  addIssue({
    code: 'custom',
    message: `must hold addresses or ranges, such as 10.0.0.7 or 10.0.0.0/24: not "${range}"`,
  })
  return z.NEVER
}
