import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';

interface Reference {
  readonly name: string;
}

/** A resource of Kubernetes; `spec` has the form of its kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Reference;
  /** The files of a ConfigMap by their names, or its variables. */
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

/** The `spec` of a Deployment or a StatefulSet. */
export interface Workload {
  readonly replicas?: number;
  readonly serviceName?: string;
  readonly volumeClaimTemplates?: readonly { readonly metadata: Reference }[];
  readonly template: { readonly metadata: { readonly labels: object }; readonly spec: Pod };
}

export interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly containers: readonly [Container];
  readonly volumes?: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string };
    readonly configMap?: Reference;
  }[];
}

export interface Container {
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: Reference };
  }[];
  readonly envFrom: readonly { readonly configMapRef: Reference }[];
  readonly ports: readonly Reference[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly securityContext: object;
}

const version = spawnSync('kubectl', ['version', '--client', '--output=json'], { encoding: 'utf8' });

/** True where a `kubectl` is installed that builds these kustomizations: 1.24 or later, which names its kustomize. */
export const hasKubectl = version.status === 0 && version.stdout.includes('"kustomizeVersion"');

/**
 * Builds a kustomization.
 * @throws Error with what kubectl says, if it cannot be built.
 */
export function buildKustomization(folder: string): Manifest[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`kubectl kustomize ${folder}: ${stderr}`);
  }
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

/** Writes an overlay into an empty folder: a base, and components in this order. Returns the folder. */
export function writeOverlay(folder: string, base: string, components: readonly string[]): string {
  const overlay = {
    resources: [relative(folder, base)],
    components: components.map((component) => relative(folder, component)),
  };
  writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(overlay));
  return folder;
}

/** Returns the Deployment or the StatefulSet. */
export function findWorkload(manifests: readonly Manifest[]): Workload {
  const [workload, ...more] = manifests.filter(({ kind }) => /^(?:Deployment|StatefulSet)$/.test(kind));
  if (workload === undefined || more.length > 0) {
    throw new Error(`there must be one Deployment or StatefulSet, not ${String(more.length)} more`);
  }
  return workload.spec as Workload;
}

export function findPod(manifests: readonly Manifest[]): Pod {
  return findWorkload(manifests).template.spec;
}

/** Returns what the pod needs from its namespace: `Secret sluice-keys`. */
export function findReferences(manifests: readonly Manifest[]): string[] {
  const { serviceAccountName, volumes = [], containers } = findPod(manifests);
  const [{ env = [], envFrom }] = containers;
  return [
    `ServiceAccount ${serviceAccountName}`,
    ...envFrom.map(({ configMapRef }) => `ConfigMap ${configMapRef.name}`),
    ...env.flatMap(({ valueFrom }) =>
      valueFrom === undefined ? [] : [`Secret ${valueFrom.secretKeyRef.name}`],
    ),
    ...volumes.map(({ secret, configMap }) =>
      secret === undefined ? `ConfigMap ${configMap?.name ?? ''}` : `Secret ${secret.secretName}`,
    ),
  ];
}
