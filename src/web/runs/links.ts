import { jsonItems, jsonMembers } from '../../shared/json.ts'
import { textOf, webAddress } from './values.ts'

export type ShownLink = { href: string; title: string; host: string; letter: string }

const addressNames = ['url', 'link', 'href', 'uri', 'source']
const titleNames = ['title', 'name', 'text', 'label', 'headline']
const maxRead = 64 * 1024

/** Of a JSON list whose items are all addresses, or objects with one; undefined for any other value. */
export function presentLinkList(json: string): ShownLink[] | undefined {
  if (!json.startsWith('[') || json.length > maxRead) return undefined
  const items = jsonItems(json) ?? []
  const links = items.map(linkOf)
  return links.length > 0 && links.every((link) => link !== undefined) ? links : undefined
}

function linkOf(item: string): ShownLink | undefined {
  if (item.startsWith('"')) return shownLink(textOf(item), '')
  const members = jsonMembers(item)
  if (!members) return undefined
  const textAt = (names: string[]) =>
    names.map((name) => members.get(name)).find((value) => value?.startsWith('"') && value.length > 2)
  const [address, title] = [textAt(addressNames), textAt(titleNames)]
  return address === undefined ? undefined : shownLink(textOf(address), title === undefined ? '' : textOf(title))
}

function shownLink(address: string, title: string): ShownLink | undefined {
  const url = webAddress(address)
  if (!url) return undefined
  const host = url.host.replace(/^www\./, '')
  const shown = title.replace(/\s+/g, ' ').trim() || address.replace(/^https?:\/\/(?:www\.)?/i, '')
  const [letter = ''] = shown
  return { href: url.href, title: shown, host, letter: letter.toUpperCase() }
}
