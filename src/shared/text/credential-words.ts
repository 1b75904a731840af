const needs = 'needs a credential'
const refuses = 'refuses the credential'
const inReasons = new RegExp(`(?:^|\\bit )(${needs}|${refuses})(?= \\(|[.:;]|$)`)

/** A phrase whose subject is the agent; undefined where this status says nothing of credentials. */
export function credentialPhrase(status: number, hasCredential: boolean): string | undefined {
  if (status !== 401 && status !== 403) return undefined
  return hasCredential ? refuses : needs
}

export function credentialPhraseIn(said: string): string | undefined {
  return inReasons.exec(said)?.[1]
}
