// Swagger UI copies the document through YAML, and numbers with it through doubles. Examples given as text it shows and
// sends as they stand; large limits are given as text too.
function withExactNumbers(value) {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const isExample = typeof value.summary === 'string' && typeof value.value === 'object';
  return Array.isArray(value)
    ? value.map(withExactNumbers)
    : Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          isExample && key === 'value' ? JSON.stringify(inner, null, 2) : withExactNumbers(inner),
        ]),
      );
}

fetch('./openapi.json')
  .then((response) => response.text())
  .then((text) => {
    globalThis.ui = SwaggerUIBundle({
      spec: withExactNumbers(JSON.parse(text)),
      dom_id: '#docs',
      deepLinking: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      validatorUrl: null,
    });
  });
