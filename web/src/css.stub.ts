/** Stands for stylesheets in tests of components. */
export {};
