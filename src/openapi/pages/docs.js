// Swagger UI copies the document through YAML, and numbers with it through doubles. Examples given as text it shows and
// sends as they stand.
function withExactExamples(value) {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const isExample = typeof value.summary === 'string' && typeof value.value === 'object';
  return Array.isArray(value)
    ? value.map(withExactExamples)
    : Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          isExample && key === 'value' ? JSON.stringify(inner, null, 2) : withExactExamples(inner),
        ]),
      );
}

fetch('./openapi.json')
  .then((response) => response.text())
  .then((text) => {
    globalThis.ui = SwaggerUIBundle({
      spec: withExactExamples(JSON.parse(text)),
      dom_id: '#docs',
      deepLinking: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      validatorUrl: null,
    });
  });
