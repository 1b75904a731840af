/** Where the secrets of a value are: a graph, because types may contain themselves. */
export type SecretPaths = {
  isSecret: boolean
  /** More about the same value: the variants of a union, the target of a reference. */
  same: SecretPaths[]
  members: Map<string, SecretPaths>
  eachMember: SecretPaths[]
  otherMembers: SecretPaths[]
  items: SecretPaths[]
}

export function noSecret(): SecretPaths {
  return { isSecret: false, same: [], members: new Map(), eachMember: [], otherMembers: [], items: [] }
}

export function wholeSecret(): SecretPaths {
  return { ...noSecret(), isSecret: true }
}

/** Removes everything without a secret; undefined when nothing is left. */
export function pruned(root: SecretPaths): SecretPaths | undefined {
  const parents = new Map<SecretPaths, SecretPaths[]>([[root, []]])
  for (const [one] of parents) {
    for (const inner of innerOf(one)) {
      const known = parents.get(inner)
      if (known) known.push(one)
      else parents.set(inner, [one])
    }
  }
  const leading = new Set([...parents.keys()].filter(({ isSecret }) => isSecret))
  for (const one of leading) for (const parent of parents.get(one)!) leading.add(parent)
  const leads = (one: SecretPaths) => leading.has(one)
  for (const one of leading) {
    one.same = one.same.filter(leads)
    one.eachMember = one.eachMember.filter(leads)
    one.otherMembers = one.otherMembers.filter(leads)
    one.items = one.items.filter(leads)
    // A named member is not one of the others, even when it is no secret.
    if (one.otherMembers.length > 0) continue
    for (const [name, inner] of one.members) if (!leads(inner)) one.members.delete(name)
  }
  return leads(root) ? root : undefined
}

function innerOf({ same, members, eachMember, otherMembers, items }: SecretPaths): SecretPaths[] {
  return [...same, ...members.values(), ...eachMember, ...otherMembers, ...items]
}

export function allOf(paths: SecretPaths[]): SecretPaths[] {
  const all = new Set(paths)
  for (const { same } of all) for (const one of same) all.add(one)
  return [...all]
}

export function pathsOfMember(all: SecretPaths[], name: string): SecretPaths[] {
  return all.flatMap(({ members, eachMember, otherMembers }) => {
    const own = members.get(name)
    return [...eachMember, ...(own ? [own] : otherMembers)]
  })
}

export function pathsOfOtherMembers(all: SecretPaths[]): SecretPaths[] {
  return all.flatMap(({ eachMember, otherMembers }) => [...eachMember, ...otherMembers])
}

export function pathsOfItems(all: SecretPaths[]): SecretPaths[] {
  return all.flatMap(({ items }) => items)
}
