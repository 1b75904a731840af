import { settings, startedAs } from '../config.ts'
import { fail } from './fail.ts'

/** `npm start --port 9601` without the two dashes: npm keeps the option and passes on the number. */
export function refuseOptionsKeptByNpm(): void {
  const { npmScript, takenByNpm } = startedAs()
  if (takenByNpm.length === 0) return
  const isPassedOn = ([flag, value]: (typeof takenByNpm)[number]) => value === 'true' && flag !== settings.open.flag
  const values = process.argv.slice(process.argv.length - takenByNpm.filter(isPassedOn).length)
  const options = takenByNpm.map((taken) => {
    const [flag, value] = taken
    if (flag === settings.open.flag) return flag
    return `${flag} ${isPassedOn(taken) ? values.shift() : value}`
  })
  const script = npmScript === 'start' ? 'npm start' : `npm run ${npmScript}`
  const names = takenByNpm.map(([flag]) => flag).join(' and ')
  fail(
    new Error(`npm kept ${names} for itself. Write two dashes before the options: ${script} -- ${options.join(' ')}`),
    true,
  )
}
