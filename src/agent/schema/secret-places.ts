/**
 * Where secrets stand in a value: a graph, as types may hold themselves. What is said under several keywords holds for
 * one value at the same time.
 */
export type SecretPlaces = {
  /** The whole value is a secret. */
  isSecret: boolean
  /** What else holds for the same value: the variants of a union, what a reference leads to. */
  same: SecretPlaces[]
  /** Of an object: for the members of these names. */
  members: Map<string, SecretPlaces>
  /** Of an object: for every member. */
  eachMember: SecretPlaces[]
  /** Of an object: for members that have no name in `members`. */
  otherMembers: SecretPlaces[]
  /** Of a list: for every item. */
  items: SecretPlaces[]
}

export function noSecret(): SecretPlaces {
  return { isSecret: false, same: [], members: new Map(), eachMember: [], otherMembers: [], items: [] }
}

export function wholeSecret(): SecretPlaces {
  return { ...noSecret(), isSecret: true }
}

/** Takes away everything that leads to no secret. Undefined when nothing is left. */
export function pruned(root: SecretPlaces): SecretPlaces | undefined {
  const parents = new Map<SecretPlaces, SecretPlaces[]>([[root, []]])
  // A map that grows while it is gone through: new ones come at its end.
  for (const [one] of parents) {
    for (const inner of innerOf(one)) {
      const known = parents.get(inner)
      if (known) known.push(one)
      else parents.set(inner, [one])
    }
  }
  const leading = new Set([...parents.keys()].filter(({ isSecret }) => isSecret))
  for (const one of leading) for (const parent of parents.get(one)!) leading.add(parent)
  const leads = (one: SecretPlaces) => leading.has(one)
  for (const one of leading) {
    one.same = one.same.filter(leads)
    one.eachMember = one.eachMember.filter(leads)
    one.otherMembers = one.otherMembers.filter(leads)
    one.items = one.items.filter(leads)
    // A member of a name of its own is none of the others, also where it is no secret.
    if (one.otherMembers.length > 0) continue
    for (const [name, inner] of one.members) if (!leads(inner)) one.members.delete(name)
  }
  return leads(root) ? root : undefined
}

function innerOf({ same, members, eachMember, otherMembers, items }: SecretPlaces): SecretPlaces[] {
  return [...same, ...members.values(), ...eachMember, ...otherMembers, ...items]
}

/** All that holds for one value. */
export function allOf(places: SecretPlaces[]): SecretPlaces[] {
  const all = new Set(places)
  for (const { same } of all) for (const one of same) all.add(one)
  return [...all]
}

/** What holds for a member of an object for which all of these hold. */
export function placesOfMember(all: SecretPlaces[], name: string): SecretPlaces[] {
  return all.flatMap(({ members, eachMember, otherMembers }) => {
    const own = members.get(name)
    return [...eachMember, ...(own ? [own] : otherMembers)]
  })
}

export function placesOfItems(all: SecretPlaces[]): SecretPlaces[] {
  return all.flatMap(({ items }) => items)
}
