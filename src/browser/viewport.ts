import type { Viewport } from 'puppeteer-core/internal/puppeteer-core-browser.js';

export const defaultViewport: Viewport = { width: 1280, height: 800 };
