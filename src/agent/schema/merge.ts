import { jsonItems, jsonMembers, jsonObject } from '../../shared/json.ts'

export type Members = Map<string, string>

/** One schema for what has to fit both. The second wins, but a password of either stays one. */
export function bothOf(one: Members, other: Members, mayRead: (text: string) => boolean): Members {
  const both = new Map(one)
  for (const [keyword, json] of other) {
    const known = one.get(keyword)
    const isSettled = known === undefined || known === json || !mayRead(known)
    both.set(keyword, isSettled ? json : combined(keyword, known, json))
  }
  return both
}

function combined(keyword: string, one: string, other: string): string {
  switch (keyword) {
    case 'properties':
    case 'patternProperties':
      return eachOf(jsonMembers(one), jsonMembers(other)) ?? other
    case 'required': {
      const names = [...(jsonItems(one) ?? []), ...(jsonItems(other) ?? [])]
      return names.length === 0 ? other : `[${[...new Set(names)].join(',')}]`
    }
    case 'writeOnly':
      return one === 'true' ? one : other
    case 'format':
      return one === '"password"' ? one : other
    default:
      return other
  }
}

function eachOf(one: Members | undefined, other: Members | undefined): string | undefined {
  if (!one || !other) return undefined
  const all = new Map(one)
  for (const [name, json] of other) {
    const known = one.get(name)
    all.set(name, known === undefined || known === json ? json : `{"allOf":[${known},${json}]}`)
  }
  return jsonObject(all)
}
