/** What is called: a base URL as parseAddress gives it, and the headers that every request to it carries. */
export type Target = { url: string; headers: Record<string, string> }

/** The same target at a path below its base URL. */
export function targetBelow({ url, headers }: Target, path: string): Target {
  return { url: url + path, headers }
}
