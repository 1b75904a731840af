/** What is called: a base URL as parseAddress returns it, and the headers of every request to it. */
export type Target = { url: string; headers: Record<string, string> }

export function targetBelow({ url, headers }: Target, path: string): Target {
  return { url: url + path, headers }
}
