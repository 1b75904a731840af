import { isIP } from 'node:net'
import { type Address, addressFrom } from './names.ts'

/** Where the system keeps names of its own, before it asks any name server. */
export const hostsPath = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'

/** The names of a hosts file, in lower case, each with its addresses. Lines that make no sense are skipped. */
export function parseHosts(text: string): Map<string, Address[]> {
  const hosts = new Map<string, Address[]>()
  for (const line of text.split(/\r?\n/)) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const name of names) {
      const known = hosts.get(name.toLowerCase()) ?? []
      hosts.set(name.toLowerCase(), [...known, addressFrom(address)])
    }
  }
  return hosts
}
