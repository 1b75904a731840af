const needs = 'needs a credential'
const refuses = 'refuses the saved credential'

/** A phrase whose subject is the agent; undefined where this status says nothing of credentials. */
export function credentialPhrase(status: number, hasCredential: boolean): string | undefined {
  if (status !== 401 && status !== 403) return undefined
  return hasCredential ? refuses : needs
}
