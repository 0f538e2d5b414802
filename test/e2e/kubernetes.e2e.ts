import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { findConfigFaults } from '../../src/commands/check-config.js';
import { VERSION } from '../../src/platform/config/version.js';
import { VARIABLES } from '../../src/platform/config/variables.js';
import { writeKeys } from '../support/api-keys.js';
import { describeWhere } from '../support/describe-where.js';
import {
  buildKustomization,
  findPod,
  findReferences,
  findWorkload,
  hasKubectl,
  writeOverlay,
  type Manifest,
} from '../support/kubernetes.js';
import { compileManifests, validateManifest } from '../support/manifest-check.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '../..');
const LABELS = { 'app.kubernetes.io/name': 'sluice' };
const ON_BOTH_STORES = ['keys', 'lanes', 'network-policy', 'monitoring'];
const KINDS = {
  single: ['ConfigMap', 'Service', 'ServiceAccount', 'StatefulSet'],
  replicas: ['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Service', 'ServiceAccount'],
  example: [
    'ConfigMap',
    'ConfigMap',
    'Deployment',
    'HorizontalPodAutoscaler',
    'NetworkPolicy',
    'PodDisruptionBudget',
    'PrometheusRule',
    'Service',
    'ServiceAccount',
    'ServiceMonitor',
  ],
};
type Overlay = keyof typeof KINDS;
const OVERLAYS = Object.keys(KINDS) as Overlay[];

describeWhere(hasKubectl, 'kubectl 1.24 or later', 'The kustomizations of ops/kubernetes', () => {
  const newFolder = useTempFolders();
  const built = new Map<Overlay, Manifest[]>();
  /** Builds an overlay once. */
  const build = (overlay: Overlay): Manifest[] => {
    const manifests = built.get(overlay) ?? buildKustomization(toPath(`overlays/${overlay}`));
    built.set(overlay, manifests);
    return manifests;
  };
  /** Builds an overlay of these components. */
  const combine = (components: readonly string[]): Manifest[] =>
    buildKustomization(
      writeOverlay(
        newFolder(),
        toPath('base'),
        components.map((name) => toPath(`components/${name}`)),
      ),
    );

  it.each(OVERLAYS)('build %s with all its resources', (overlay) => {
    const kinds = build(overlay).map(({ kind }) => kind);

    expect(kinds.toSorted()).toEqual(KINDS[overlay]);
  });

  it('fit the schemas of their kinds', async () => {
    for (const manifest of OVERLAYS.flatMap(build)) {
      await expect(validateManifest(manifest)).resolves.toBeUndefined();
    }
  });

  it('have no field that Kubernetes does not know', async () => {
    expect(await compileManifests(newFolder(), OVERLAYS.flatMap(build))).toBe('');
  });

  it.each(OVERLAYS)('give the service of %s settings that it knows and takes', async (overlay) => {
    const environment = await readEnvironment(build(overlay), newFolder());
    const unknown = Object.keys(environment).filter((name) => !(name in VARIABLES));

    expect(unknown).toEqual([]);
    expect(findConfigFaults(environment)).toEqual([]);
  });

  it.each(OVERLAYS)(
    'refer in %s only to what it holds and to Secrets that docs/operations.md makes',
    (overlay) => {
      const manifests = build(overlay);
      const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
      const made = [...page.matchAll(/create secret generic (\S+)/g)].map(
        ([, name = '']) => `Secret ${name}`,
      );
      const held = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      const missing = findReferences(manifests).filter((name) => ![...made, ...held].includes(name));

      expect(missing).toEqual([]);
    },
  );

  it.each(OVERLAYS)('run %s with the rights of the restricted Pod Security Standard', (overlay) => {
    const pod = findPod(build(overlay));

    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it.each(OVERLAYS)('give the pods of %s longer to stop than they take', async (overlay) => {
    const manifests = build(overlay);
    const { terminationGracePeriodSeconds, containers } = findPod(manifests);
    const { SHUTDOWN_GRACE } = await readEnvironment(manifests, newFolder());
    const { seconds } = containers[0].lifecycle.preStop.sleep;

    expect(terminationGracePeriodSeconds).toBeGreaterThan(seconds + Number(SHUTDOWN_GRACE));
  });

  it.each(OVERLAYS)('start in %s the image of this release', (overlay) => {
    expect(findPod(build(overlay)).containers[0].image.split('/').at(-1)).toBe(`sluice:${VERSION}`);
  });

  it('keep the embedded store of the only pod on a volume', async () => {
    const manifests = build('single');
    const { replicas = 1, serviceName, volumeClaimTemplates, template } = findWorkload(manifests);
    const [mount] = template.spec.containers[0].volumeMounts?.filter(({ name }) => name === 'data') ?? [];
    const { DATA_DIR } = await readEnvironment(manifests, newFolder());

    expect(replicas).toBe(1);
    expect(serviceName).toBe('sluice');
    expect(volumeClaimTemplates?.map(({ metadata }) => metadata.name)).toEqual(['data']);
    expect(DATA_DIR).toBe(`${String(mount?.mountPath)}/sluice`);
  });

  it('run three replicas on PostgreSQL, and let nodes be drained one pod at a time', () => {
    const manifests = build('replicas');
    const budget = manifests.find(({ kind }) => kind === 'PodDisruptionBudget');

    expect(findWorkload(manifests).replicas).toBe(3);
    expect(budget?.spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: LABELS } });
  });

  it('leave the number of replicas to the autoscaler where there is one', () => {
    expect(findWorkload(build('example')).replicas).toBeUndefined();
  });

  it('select the pods by their labels, and name the port that they have', () => {
    const manifests = build('example');
    const { template } = findWorkload(manifests);
    const text = JSON.stringify(manifests);
    const selectors = [...text.matchAll(/"(?:matchLabels|selector)":(\{"app[^}]*\})/g)].map(
      ([, labels = '']) => JSON.parse(labels) as object,
    );
    const ports = [...text.matchAll(/"(?:port|targetPort)":"(\w+)"/g)].map(([, port]) => port);

    expect(template.metadata.labels).toEqual(LABELS);
    expect(template.spec.containers[0].ports.map(({ name }) => name)).toEqual(['http']);
    // Deployment, its topology, Service, ServiceMonitor, NetworkPolicy, PodDisruptionBudget.
    expect(selectors).toEqual(Array.from({ length: 6 }, () => LABELS));
    expect(new Set(ports)).toEqual(new Set(['http']));
  });

  it('alert by the rules of ops/alerts.yaml, which npm run ops:alerts copies', () => {
    const rule = build('example').find(({ kind }) => kind === 'PrometheusRule');

    expect(rule?.spec).toEqual(parse(readFileSync(join(ROOT, 'ops/alerts.yaml'), 'utf8')));
  });

  it.each(['embedded-store', 'postgresql'])('add to %s what other components set, in any order', (store) => {
    const components = [store, ...ON_BOTH_STORES];
    const [forth, back] = [combine(components), combine(components.toReversed())].map((manifests) => {
      const [{ env = [], volumeMounts = [] }] = findPod(manifests).containers;
      return [...env, ...volumeMounts].map(({ name }) => name).toSorted();
    });

    expect(forth).toEqual(expect.arrayContaining(['API_KEYS_FILE', 'LANES_FILE', 'keys', 'lanes']));
    expect(back).toEqual(forth);
  });
});

function toPath(name: string): string {
  return join(ROOT, 'ops/kubernetes', name);
}

/**
 * Reads the environment of the pod. Files of its volumes are written to `folder`, and variables name them there; the
 * Secrets have values as docs/operations.md makes them.
 */
async function readEnvironment(
  manifests: readonly Manifest[],
  folder: string,
): Promise<Record<string, string | undefined>> {
  const { containers, volumes = [] } = findPod(manifests);
  const [{ env = [], envFrom, volumeMounts = [] }] = containers;
  const dataOf = (configMap?: string): Readonly<Record<string, string>> =>
    manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap)?.data ?? {};
  const paths = new Map<string, string>();
  for (const { name, mountPath } of volumeMounts) {
    const volume = volumes.find((each) => each.name === name);
    for (const [file, text] of Object.entries(dataOf(volume?.configMap?.name))) {
      writeFileSync(join(folder, file), text);
      paths.set(`${mountPath}/${file}`, join(folder, file));
    }
    if (volume?.secret?.secretName === 'sluice-keys') {
      await writeKeys(join(folder, 'keys.yaml'), { me: ['submit', 'read', 'admin'] });
      paths.set(`${mountPath}/keys.yaml`, join(folder, 'keys.yaml'));
    }
  }
  return Object.fromEntries([
    ...envFrom.flatMap(({ configMapRef }) => Object.entries(dataOf(configMapRef.name))),
    ...env.map(({ name, value = 'postgres://sluice:secret@postgres/sluice' }) => [
      name,
      paths.get(value) ?? value,
    ]),
  ]) as Record<string, string | undefined>;
}
