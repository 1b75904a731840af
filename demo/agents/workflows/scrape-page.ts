import { topics } from '../topics.ts'
import { madeUp, optional, required, type Workflow } from '../workflow.ts'

/** Reads no page: it knows some facts. */
export const scrapePage: Workflow = {
  workflow: 'scrape_page',
  inputs: {
    url: required('str', 'Page to read'),
    selector: optional('str', 'CSS selector of what to take', 'article'),
    max_items: optional('int', 'Items at most', 20),
    follow_links: optional('bool', 'Also read the pages that the items link to', false),
  },
  outputs: ['page_title', 'items', 'items_found'],
  message: madeUp,
  work: {
    seconds: [0.9, 7],
    failureShare: 0.08,
    failures: [
      "node 'fetch': https://example.org/heat-pumps answered 403 Forbidden",
      '404 at the page to be read',
      `node 'extract': nothing on the page matches ".entry > p"`,
    ],
  },

  sample: (random) => ({
    url: `https://${random.pick(['www.example.com', 'example.org', 'news.example.net'])}/${random.pick(topics).slug}`,
    selector: random.pick(['article', 'main p', '.entry > p']),
    ...(random.chance(0.3) && { max_items: random.pick([2, 5, 50]) }),
  }),

  run(inputs) {
    const { url, max_items = 20 } = inputs as { url: string; max_items?: number }
    const topic = topics.find(({ slug }) => url.endsWith(slug)) ?? topics[0]!
    const items = topic.facts.slice(0, max_items).map((text, index) => ({ text, link: `${url}#p${index + 1}` }))
    return { page_title: topic.title, items, items_found: items.length }
  },
}
