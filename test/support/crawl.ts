import { type HTMLElement, parse } from 'node-html-parser'

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const asScript = { accept: 'application/json' }
type Reader = typeof asBrowser | typeof asHtmx | typeof asScript

/** Lists have hundreds of links that differ in their query alone. */
const maxPerPath = 2

type Link = { address: string; where: string; follow?: Reader; form?: 'POST' | 'DELETE' }
export type Crawled = {
  /** Of every address that begins at the root, where it was. */
  addresses: Map<string, string>
  answers: { request: string; status: number }[]
}

/**
 * Follows every address from `starts`, which are at one origin: of pages and regions, redirects, style sheets and JSON. In the
 * end sends each form, empty.
 */
export async function crawl(
  starts: string[],
  send: (address: string, request: RequestInit) => Promise<Response> = fetch,
): Promise<Crawled> {
  const { origin: ownOrigin } = new URL(starts[0]!)
  const crawled: Crawled = { addresses: new Map(), answers: [] }
  const asked = new Map<string, Set<string>>()
  const queue: { address: string; as: Reader }[] = []
  const forms = new Map<string, 'POST' | 'DELETE'>()

  function enqueue(address: string, as: Reader): void {
    const { origin, pathname, search, searchParams } = new URL(address)
    const kind = `${as.accept} ${pathname} ${searchParams.get('tab')}`
    const queries = asked.get(kind) ?? new Set()
    asked.set(kind, queries)
    if (origin !== ownOrigin || queries.size === maxPerPath || queries.has(search)) return
    queries.add(search)
    queue.push({ address, as })
  }

  async function ask(method: string, address: string, as: Reader): Promise<void> {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = method === 'POST' ? { headers: { ...as, ...form }, body: '' } : { headers: as }
    const response = await send(address, { ...sent, method, redirect: 'manual' })
    const request = `${method} ${address} (${as.accept})`
    crawled.answers.push({ request, status: response.status })
    const text = await response.text()
    for (const link of [...linksInHeaders(response.headers), ...linksIn(response.headers.get('content-type'), text)]) {
      if (link.address.startsWith('/')) crawled.addresses.set(link.address, `${link.where} of ${request}`)
      if (!URL.canParse(link.address, address)) continue
      const full = new URL(link.address, address).href
      if (link.follow) enqueue(full.split('#')[0]!, link.follow)
      if (link.form) forms.set(full, link.form)
    }
  }

  for (const start of starts) for (const as of [asBrowser, asHtmx]) enqueue(start, as)
  for (let next = queue.shift(); next; next = queue.shift()) {
    await ask('GET', next.address, next.as)
    if (next.as === asBrowser) enqueue(next.address, asScript)
  }
  for (const [address, method] of forms) for (const as of [asBrowser, asHtmx]) await ask(method, address, as)
  return crawled
}

function linksInHeaders(headers: Headers): Link[] {
  return ['location', 'hx-redirect', 'hx-push-url', 'hx-replace-url'].flatMap((name) => {
    const address = headers.get(name)
    return address === null ? [] : { address, where: name, follow: asBrowser }
  })
}

function linksIn(type: string | null, text: string): Link[] {
  if (type?.startsWith('text/html')) return linksInPage(text)
  if (type?.startsWith('text/css'))
    return [...text.matchAll(/url\("?([^")]+)"?\)/g)].map(([, url]) => ({
      address: url!,
      where: 'url()',
      follow: asBrowser,
    }))
  if (!/^application\/(problem\+)?json/.test(type ?? '')) return []
  return stringsIn(JSON.parse(text)).map((address) => ({ address, where: 'JSON' }))
}

function linksInPage(text: string): Link[] {
  const elements = parse(text).querySelectorAll('*')
  return elements.flatMap((element) =>
    Object.entries(element.attributes).flatMap(([where, address]): Link[] => {
      const link = { address, where }
      // What people and agents wrote, or may write.
      if (['title', 'value', 'placeholder'].includes(where)) return []
      if (where === 'href' || where === 'src') return [{ ...link, follow: asBrowser }]
      if (where === 'hx-get' || (where.startsWith('data-') && address.startsWith('/')))
        return [{ ...link, follow: asHtmx }]
      if (where === 'hx-post') return [{ ...link, form: 'POST' }]
      if (where === 'hx-delete') return [{ ...link, form: 'DELETE' }]
      if (where !== 'action' && where !== 'formaction') return [link]
      return [{ ...link, ...(methodOf(element) === 'post' ? { form: 'POST' } : { follow: asBrowser }) }]
    }),
  )
}

/** Of a form around the region nothing is known but that its buttons change something. */
function methodOf(element: HTMLElement): string {
  const form = element.closest('form')
  return element.getAttribute('formmethod') ?? (form ? form.getAttribute('method') : 'post') ?? 'get'
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : []
}
