/** Writes the rules of ops/alerts.yaml into the PrometheusRule of ops/kubernetes. Run it after a change of the rules. */
import { readFileSync, writeFileSync } from 'node:fs';

const OPS = new URL('../ops/', import.meta.url);
const HEAD = `# Written by npm run ops:alerts from ops/alerts.yaml.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: sluice
  labels: { app.kubernetes.io/name: sluice }
spec:
`;

const rules = readFileSync(new URL('alerts.yaml', OPS), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/^(?=.)/gm, '  ');
writeFileSync(new URL('kubernetes/components/monitoring/prometheus-rule.yaml', OPS), HEAD + rules);
