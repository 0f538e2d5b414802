// ReDoc gets the document as an object, its large integers as bigints.
fetch('./openapi.json')
  .then((response) => response.text())
  .then((text) => {
    Redoc.init(JSON.parse(text), {}, document.getElementById('docs'));
  });
