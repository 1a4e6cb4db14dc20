import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { webSettings } from '@anteroom/idp-web/config'
import { jobs } from '@anteroom/job-contracts'
import { logFieldTypes, settingsTable } from '@anteroom/runtime'
import { workerSettings } from '@anteroom/worker/config'
import { describe, expect, test } from 'vitest'
import { root } from '../support/root.ts'
import { type Block, inside, readTerraform, terraformFolder } from '../support/terraform.ts'

const plan = await readTerraform()
const hasTerraform = spawnSync('terraform', ['version']).status === 0
const hasProviders = hasTerraform && existsSync(join(terraformFolder, '.terraform'))

const terraform = (...args: string[]) =>
  execFileSync('terraform', args, { cwd: terraformFolder, stdio: 'pipe' })

describe('what is written', () => {
  test.skipIf(!hasTerraform)('is formatted', () => {
    expect(() => terraform('fmt', '-check', '-recursive')).not.toThrow()
  })

  // Providers come with `terraform init`, which needs their registry.
  test.skipIf(!hasProviders)(
    'is valid, and its own tests pass',
    () => {
      expect(() => terraform('validate')).not.toThrow()
      expect(() => terraform('test')).not.toThrow()
    },
    120_000,
  )

  test('refers to nothing that is not there', () => {
    const text = plan.text.replaceAll(/^\s*#.*$/gm, '')
    const resources = text.match(/(?<![\w.])(?:data\.)?aws_\w+\.\w+/g) ?? []
    const variables = [...text.matchAll(/\bvar\.(\w+)/g)].map(([, name = '']) => name)
    const locals = [...text.matchAll(/\blocal\.(\w+)/g)].map(([, name = '']) => name)

    expect(resources.filter((it) => !plan.addresses.includes(it))).toEqual([])
    expect(variables.filter((it) => !plan.variables.includes(it))).toEqual([])
    expect(locals.filter((it) => !plan.locals.includes(it))).toEqual([])
    expect(resources.length).toBeGreaterThan(50)
  })

  test('asks for nothing that it does not use', () => {
    expect(plan.variables.filter((name) => !plan.text.includes(`var.${name}`))).toEqual([])
  })
})

describe('the sealing key', () => {
  const policy = plan.data('aws_iam_policy_document', 'sealing')
  const statements = inside(policy, 'statement')
  const [grants = {}] = inside(dynamic(policy), 'statement')
  const [granted = {}] = inside(grants, 'content')

  test('is used by whom the local stack’s policy names, for what it names', () => {
    expect(grants.for_each).toBe('${var.kms_grants}')
    expect(granted.actions).toBe(
      '${[for operation in statement.value.operations : "kms:${operation}"]}',
    )
    expect(inside(granted, 'principals')[0]?.identifiers).toEqual([
      '${aws_iam_role.task[statement.value.principal].arn}',
    ])
  })

  test('is used in this deployment alone, and only with the encryption context of the grant', () => {
    const [each = {}] = inside(dynamic(granted), 'condition')

    expect(inside(granted, 'condition')).toEqual([
      {
        test: 'StringEquals',
        variable: 'kms:EncryptionContext:environment',
        values: ['${var.environment}'],
      },
    ])
    expect(each.for_each).toBe('${statement.value.context}')
    expect(inside(each, 'content')).toEqual([
      {
        test: 'StringEquals',
        variable: 'kms:EncryptionContext:${condition.key}',
        values: '${condition.value}',
      },
    ])
  })

  test('can be administered, and opens nothing for whoever does', () => {
    const actions = statements.flatMap((statement) => statement.actions as string[])

    expect(actions).not.toEqual([])
    expect(
      actions.filter((action) =>
        /^kms:(?:\*|Decrypt|Encrypt|Generate|ReEncrypt|Sign)/.test(action),
      ),
    ).toEqual([])
    // CreateGrant would let its holder hand the use of the key on.
    expect(
      actions.filter((action) => action === 'kms:CreateGrant' || action === 'kms:Create*'),
    ).toEqual([])
  })

  test('is named only where its users are told of it', () => {
    expect(plan.text.match(/aws_kms_key\.sealing/g)).toHaveLength(1)
  })
})

describe('buckets', () => {
  const every = '${local.buckets}'

  test('all refuse whoever comes without TLS, and the public', () => {
    const [statement = {}] = inside(plan.data('aws_iam_policy_document', 'tls_only'), 'statement')

    expect(plan.data('aws_iam_policy_document', 'tls_only').for_each).toBe(every)
    expect(plan.resource('aws_s3_bucket_policy', 'tls_only').for_each).toBe(every)
    expect(statement).toMatchObject({ effect: 'Deny', actions: ['s3:*'] })
    expect(inside(statement, 'condition')).toEqual([
      { test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] },
    ])
    expect(plan.resource('aws_s3_bucket_public_access_block', 'all')).toMatchObject({
      for_each: every,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    })
    expect(Object.keys(plan.resources('aws_s3_bucket'))).toEqual(['documents', 'settings'])
  })

  test('images may come from our own pages, and go by themselves', () => {
    const cors = plan.resource('aws_s3_bucket_cors_configuration', 'documents')
    const lifecycle = plan.resource('aws_s3_bucket_lifecycle_configuration', 'documents')
    const [rule = {}] = inside(lifecycle, 'rule')

    expect(inside(cors, 'cors_rule')[0]?.allowed_origins).toEqual(['${var.public_url}'])
    expect(rule.status).toBe('Enabled')
    expect(inside(rule, 'expiration')).toEqual([{ days: '${var.document_bucket.expire_days}' }])
  })
})

describe('the way out', () => {
  const egress = plan.resources('aws_vpc_security_group_egress_rule')
  const ways = Object.values(plan.local('ways') as Record<string, Way>)
  interface Way {
    readonly from: string
    readonly to: string
  }

  test('is the proxy’s alone', () => {
    const toAnywhere = Object.entries(egress).filter(([, rule]) => rule.cidr_ipv4 !== undefined)
    const withRoute = Object.values(plan.resources('aws_route')).map(
      (route) => route.route_table_id,
    )

    expect(toAnywhere.map(([name]) => name)).toEqual(['proxy_out'])
    expect(egress.proxy_out?.security_group_id).toBe('${aws_security_group.proxy.id}')
    expect(withRoute.filter((table) => String(table).includes('private'))).toEqual([])
    expect(plan.text).not.toMatch(/assign_public_ip\s*=\s*true/)
  })

  test('is reached by the worker alone', () => {
    expect(ways.filter(({ to }) => to === 'proxy').map(({ from }) => from)).toEqual(['worker'])
  })

  test('is no endpoint of AWS: those lead to our buckets and our account alone', () => {
    const [ours = {}, layers = {}] = inside(
      plan.data('aws_iam_policy_document', 's3_endpoint'),
      'statement',
    )
    const [account = {}] = inside(plan.data('aws_iam_policy_document', 'endpoints'), 'statement')

    expect(plan.resource('aws_vpc_endpoint', 's3').policy).toBe(
      '${data.aws_iam_policy_document.s3_endpoint.json}',
    )
    expect(plan.resource('aws_vpc_endpoint', 'aws').policy).toBe(
      '${data.aws_iam_policy_document.endpoints.json}',
    )
    expect(ours.resources).toBe('${flatten([for arn in local.bucket_arns : [arn, "${arn}/*"]])}')
    expect(layers.actions).toEqual(['s3:GetObject'])
    expect(inside(account, 'condition')).toEqual([
      {
        test: 'StringEquals',
        variable: 'aws:PrincipalAccount',
        values: ['${local.account_id}'],
      },
    ])
  })

  test('groups say nothing of their own beside the rules', () => {
    const groups: Block[] = Object.values(plan.resources('aws_security_group'))

    expect(groups.filter((group) => 'egress' in group || 'ingress' in group)).toEqual([])
  })
})

describe('the workers', () => {
  test.each([
    ['asg_worker_min', 2],
    ['asg_worker_desired', 2],
    ['asg_worker_max', 8],
    ['idp_worker_alarms_enabled', true],
  ])('%s is %s where nothing else is said', (name, value) => {
    expect(plan.variable(name).default).toBe(value)
  })

  test('are as many as the variables say, and more when jobs wait', () => {
    const policy = plan.resource('aws_appautoscaling_policy', 'worker')

    expect(plan.resource('aws_ecs_service', 'worker').desired_count).toBe(
      '${var.asg_worker_desired}',
    )
    expect(plan.resource('aws_appautoscaling_target', 'worker')).toMatchObject({
      min_capacity: '${var.asg_worker_min}',
      max_capacity: '${var.asg_worker_max}',
    })
    expect(JSON.stringify(policy)).toContain('QueueDelay')
  })

  test('have alarms when none lives, when jobs fail, wait 10 seconds or run 50, unless they are off', () => {
    const alarms = String(plan.local('worker_alarms'))

    expect(alarms).toMatch(/^\$\{var\.idp_worker_alarms_enabled \?/)
    expect(alarms).toMatch(/queue-time\s*=\s*\{[^}]*"QueueDelay"[^}]*above = 10000,/)
    expect(alarms).toMatch(/perform\s*=\s*\{[^}]*"Perform"[^}]*above = 50000,/)
    expect(alarms).toMatch(/failures\s*=\s*\{[^}]*"Failures"/)
    const books = [...alarms.matchAll(/runbook\s*=\s*"([^"]+)"/g)].map(([, book = '']) => book)
    const names = [...alarms.matchAll(/^\s*([a-z-]+)\s*= \{/gm)].map(([, name]) => `worker-${name}`)
    const unnamed = names.filter(
      (name, at) =>
        !readFileSync(join(root, 'docs/runbooks', books[at] ?? ''), 'utf8').includes(`\`${name}\``),
    )
    expect(names).toHaveLength(4)
    expect(unnamed).toEqual([])
    expect(plan.resource('aws_cloudwatch_metric_alarm', 'worker_alive')).toMatchObject({
      count: '${var.idp_worker_alarms_enabled ? 1 : 0}',
      threshold: '${var.asg_worker_min}',
      treat_missing_data: 'breaching',
    })
  })

  test('and the web write to a log group each', () => {
    expect(plan.resource('aws_cloudwatch_log_group', 'service').for_each).toContain(
      '"web", "worker"',
    )
  })
})

describe('what runs', () => {
  test('each container finds its settings by address, and answers where it is asked for its health', () => {
    const target = plan.resource('aws_lb_target_group', 'web')
    const text = plan.text

    expect(target).toMatchObject({ port: 3000 })
    expect(inside(target, 'health_check')).toMatchObject([{ path: '/readyz', port: '3001' }])
    expect(plan.local('settings_files')).toEqual({
      web: 'idp-web.yml',
      worker: 'worker.yml',
      ops: 'ops.yml',
    })
    const rows = [...settingsTable(webSettings), ...settingsTable(workerSettings)]
    const given = text.match(/\bANTEROOM_\w+/g) ?? []
    const known = ['ANTEROOM_SETTINGS', ...rows.map(({ env }) => env)]
    expect(given.length).toBeGreaterThan(0)
    expect(given.filter((name) => !known.includes(name))).toEqual([])
  })

  test('alarms are made of what the worker says of a job, without those that nobody waits for', () => {
    const patterns = JSON.stringify(plan.local('worker_metrics'))
    const jobNames = Object.values(jobs).map(({ name }) => name)
    const left = plan.local('nobody_waits') as string[]

    expect(left.filter((name) => !jobNames.some((it) => it === name))).toEqual([])
    for (const field of ['queueDelayMs', 'durationMs']) {
      expect(patterns).toContain(`$.${field}`)
      expect(Object.keys(logFieldTypes)).toContain(field)
    }
  })
})

describe('data', () => {
  test('Postgres stands in two zones, encrypted, and takes nobody without TLS', () => {
    const [parameter] = inside(plan.resource('aws_db_parameter_group', 'main'), 'parameter')

    expect(plan.resource('aws_db_instance', 'main')).toMatchObject({
      multi_az: true,
      storage_encrypted: true,
      publicly_accessible: false,
      deletion_protection: true,
    })
    expect(parameter).toEqual({ name: 'rds.force_ssl', value: '1' })
  })

  test('Redis stands in two zones, encrypted on disk and on the wire, with a user for each of us', () => {
    expect(plan.resource('aws_elasticache_replication_group', 'main')).toMatchObject({
      multi_az_enabled: true,
      transit_encryption_enabled: true,
      transit_encryption_mode: 'required',
      at_rest_encryption_enabled: true,
    })
    expect(plan.resource('aws_elasticache_user', 'service').for_each).toBe(
      '${merge(var.redis_access, local.redis_admin)}',
    )
  })

  test('Redis throws nothing out', () => {
    const group = plan.resource('aws_elasticache_parameter_group', 'main')

    expect(inside(group, 'parameter')).toEqual([{ name: 'maxmemory-policy', value: 'noeviction' }])
    expect(plan.resource('aws_elasticache_replication_group', 'main').parameter_group_name).toBe(
      '${aws_elasticache_parameter_group.main.name}',
    )
  })

  test('settings are read from S3 by the service they are for', () => {
    const [settings] = inside(plan.data('aws_iam_policy_document', 'task'), 'statement')

    expect(settings).toMatchObject({
      actions: ['s3:GetObject'],
      resources: ['${aws_s3_bucket.settings[each.key].arn}/*'],
    })
    expect(plan.text).not.toMatch(/resource "aws_s3_object"/)
  })
})

function dynamic(block: Block): Block {
  return block.dynamic as Block
}
