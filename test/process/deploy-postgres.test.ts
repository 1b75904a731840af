import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { loadConfig, settings } from '../../src/config.ts'
import { closeTimeoutMs } from '../../src/server/stopping.ts'
import { routes } from '../../src/web/http/paths.ts'
import { readProjectFile } from '../architecture/sources.ts'
import { stagesOf } from '../support/deploy.ts'

const [, image] = stagesOf(readProjectFile('deploy/Dockerfile'))
const imageValue = (name: string) => image!.find((one) => one.name === name)!.value

test('compose gives the dashboard a PostgreSQL that it waits for, and no password but by files', () => {
  const text = readProjectFile('deploy/compose.postgres.yaml')
  const { services, secrets, volumes } = parse(text)
  const { dashboard, postgres } = services
  const [, made] = /echo "(.*?)" > secrets\/database/.exec(text)!
  expect(dashboard.environment[settings.db.fileEnv!]).toBe('/run/secrets/database')
  // Else the file that the image names would be set too.
  expect(loadConfig({}, { [settings.db.env]: dashboard.environment[settings.db.env] }).db).toBe(settings.db.default)
  const url = new URL(loadConfig({ db: made!.replace('$(cat secrets/postgres-password)', 'from-file') }, {}).db)
  expect({ user: url.username, host: url.hostname, database: url.pathname }).toEqual({
    ...{ user: postgres.environment.POSTGRES_USER, database: `/${postgres.environment.POSTGRES_DB}` },
    host: Object.keys(services).find((service) => service === 'postgres'),
  })
  const named = JSON.stringify(services).match(/(?<=\/run\/secrets\/)[\w-]+/g)!
  expect([...new Set(named)].sort()).toEqual(Object.keys(secrets).sort())
  expect(dashboard.secrets).toEqual(['database', 'secret-key'])
  expect(postgres.secrets).toEqual(['postgres-password'])
  expect(dashboard.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
  expect(postgres.healthcheck.test).toContain('pg_isready')
  expect(postgres.volumes.map((volume: string) => volume.split(':')[0])).toEqual(Object.keys(volumes))
})

const documents = parseAllDocuments(readProjectFile('deploy/kubernetes.yaml')).map((one) => one.toJS())
const [deployment, service, budget] = documents
const { template } = deployment.spec
const [container] = template.spec.containers

test('Kubernetes runs two dashboards, and keeps one at any time', () => {
  expect(documents.map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'PodDisruptionBudget'])
  expect(deployment.spec.replicas).toBe(2)
  expect(budget.spec.minAvailable).toBe(1)
  const { labels } = template.metadata
  expect([deployment.spec.selector.matchLabels, service.spec.selector, budget.spec.selector.matchLabels]).toEqual([
    labels,
    labels,
    labels,
  ])
})

test('Kubernetes asks the dashboard whether it lives and is ready, at its port, and gives it time to stop', () => {
  const [port] = container.ports
  expect(port.containerPort).toBe(settings.port.default)
  expect(service.spec.ports[0].targetPort).toBe(port.name)
  const at = (path: string) => ({ httpGet: { path, port: port.name } })
  expect(container).toMatchObject({
    ...{ startupProbe: at(routes.liveness), livenessProbe: at(routes.liveness), readinessProbe: at(routes.readiness) },
  })
  const waits = Number(container.lifecycle.preStop.exec.command[1])
  expect((template.spec.terminationGracePeriodSeconds - waits) * 1000).toBeGreaterThan(closeTimeoutMs)
})

test('in Kubernetes the dashboard has no rights, and reads its secrets from files', () => {
  const [uid, gid] = imageValue('USER').split(':').map(Number)
  const { securityContext, volumes } = template.spec
  expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: uid, runAsGroup: gid, fsGroup: gid })
  expect(container.securityContext).toMatchObject({
    ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  })
  const mounts = container.volumeMounts.map(({ name }: { name: string }) => name)
  expect(mounts).toEqual(volumes.map(({ name }: { name: string }) => name))
  const { mountPath } = container.volumeMounts[0]
  expect(container.env).toContainEqual({ name: settings.db.fileEnv, value: `${mountPath}/database` })
  expect(container.env).toContainEqual({ name: settings.db.env, value: '' })
  const made = [...readProjectFile('deploy/kubernetes.yaml').matchAll(/--from-literal=([\w-]+)=/g)].map(
    ([, key]) => key!,
  )
  const read = JSON.stringify(container).match(new RegExp(`(?<=${mountPath}/)[\\w-]+`, 'g'))!
  expect(read.toSorted()).toEqual(made.toSorted())
})
