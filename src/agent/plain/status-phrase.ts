import { statusNames } from '../../shared/text/http-statuses.ts'

const otherPhrases: Record<number, string[]> = {
  404: ['pagenotfound'],
  413: ['contenttoolarge', 'requestentitytoolarge'],
  422: ['unprocessablecontent'],
  500: ['internalerror', 'servererror'],
}

/** `Bad Request`, `NotFoundException`, `HTTP 500: Internal Server Error` */
export function repeatsStatus(said: string, status: number, statusText: string): boolean {
  if (said.trim() === '') return true
  if (said.length > 200 || /[^\x00-\x7f]/.test(said)) return false
  const word = plain(said)
  const phrases = [statusNames[status] ?? '', statusText, ...(otherPhrases[status] ?? [])].map(plain).filter(Boolean)
  const bare = word.replace(/^(http)?(error|status|statuscode)?/, '').replace(String(status), '')
  const rests = [word, bare, bare.replace(/^(error|status|client|server)/, '')]
  return rests.some((rest) => ['', 'error'].includes(rest) || phrases.some((phrase) => isPhraseOf(rest, phrase)))
}

function isPhraseOf(word: string, phrase: string): boolean {
  return [phrase, `${phrase}error`, `${phrase}exception`, phrase.replace(/error$/, 'exception')].includes(word)
}

function plain(words: string): string {
  return words.toLowerCase().replace(/[^a-z0-9]+/g, '')
}
