import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const texts = [
  'Release notes 4.2',
  'Your order has been shipped',
  'The meeting moves to Thursday',
  'Reset your password within one hour',
  'Please wait for the green light',
]
const phrases: Record<string, string[]> = {
  de: [
    'Versionshinweise 4.2',
    'Ihre Bestellung ist unterwegs',
    'Der Termin ist am Donnerstag',
    'Setzen Sie Ihr Passwort binnen einer Stunde zurück',
    'Bitte warten Sie auf Grün',
  ],
  fr: [
    'Notes de version 4.2',
    'Votre commande est en route',
    'La réunion aura lieu jeudi',
    'Réinitialisez votre mot de passe dans l’heure',
    'Veuillez attendre le feu vert',
  ],
  ja: [
    'リリースノート 4.2',
    'ご注文の商品を発送しました',
    '会議は木曜日に変更されました',
    '1時間以内にパスワードを再設定してください',
    '青信号をお待ちください',
  ],
}

/** Knows five sentences in three languages. */
export const translateText: Workflow = {
  workflow: 'translate_text',
  inputs: {
    text: required('str', 'Text to translate'),
    to: optional('list[str]', 'Languages to translate into', ['de', 'fr', 'ja']),
    keep_terms: optional('dict[str, str]', 'Terms and their translations', {}),
    formal: optional('bool', 'Address readers formally', true),
  },
  outputs: ['translations', 'unknown'],
  message: madeUp,
  work: {
    seconds: [3.1, 9],
    tokens: [900, 3_600],
    usdPerToken: 0.0000021,
    failureShare: 0.04,
    failures: ['languages: unknown code "jp"'],
  },

  sample: (random) => ({
    text: random.pick(texts),
    to: random.pick([['de', 'fr', 'ja'], ['de'], ['fr', 'ja']]),
    ...(random.chance(0.3) && { formal: false }),
  }),

  run(inputs) {
    const { text, to = ['de', 'fr', 'ja'] } = inputs as { text: string; to?: string[] }
    const index = texts.indexOf(text)
    const known = to.filter((language) => phrases[language] && index >= 0)
    return {
      translations: Object.fromEntries(known.map((language) => [language, phrases[language]![index]])),
      unknown: to.filter((language) => !known.includes(language)),
    }
  },
}
