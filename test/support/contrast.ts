/**
 * Runs in the page: `contrastOf(control)` returns the lowest contrast (WCAG 2.2) of a text in a control
 * against its background, from the current computed styles.
 */
export const CONTRAST_SOURCE = `
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const toRgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [r2, g2, b2]) => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
  const backgroundOf = (element) => {
    const layers = [];
    for (let each = element; each !== null; each = each.parentElement) {
      layers.push(toRgba(getComputedStyle(each).backgroundColor));
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  globalThis.contrastOf = (control) => {
    if (getComputedStyle(control).filter !== 'none') {
      return 0; // what a filter paints cannot be read from styles
    }
    const texts = [control, ...control.querySelectorAll('*')].filter((each) => hasText(each) && each.checkVisibility());
    const contrasts = texts.map((each) => {
      const background = backgroundOf(each);
      const [dark, light] = [luminance(over(toRgba(getComputedStyle(each).color), background)), luminance(background)]
        .sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    });
    return Math.min(Infinity, ...contrasts);
  };
  /** Marks one control of each look: others of the page with the same look have the same styles. */
  globalThis.markControls = () => {
    document.querySelectorAll('[data-probe]').forEach((each) => each.removeAttribute('data-probe'));
    const looks = new Set();
    for (const each of document.querySelectorAll('a, button:enabled, select, summary, label.chip')) {
      const state = [...each.attributes].filter(({ name }) => /^(data-|aria-(?!label|controls))/.test(name));
      const parents = each.parentElement.className + each.parentElement.parentElement?.className;
      const look = [each.localName, each.className, parents, ...state.map(({ name, value }) => name + value)].join(' ');
      if (each.checkVisibility() && !looks.has(look)) {
        looks.add(look);
        each.setAttribute('data-probe', '');
      }
    }
    return looks.size;
  };
  globalThis.findFaint = (least) =>
    [...document.querySelectorAll('[data-probe]')]
      .map((each) => [each, contrastOf(each)])
      .filter(([, contrast]) => contrast < least)
      .map(([each, contrast]) => each.localName + '.' + each.className + ' “' + each.innerText + '” ' + contrast.toFixed(2));
`;
