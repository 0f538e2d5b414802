/** Replaces stylesheets in component tests. */
export {};
