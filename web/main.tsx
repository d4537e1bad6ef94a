import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { queryClient } from './data/client.ts';
import { applyTheme, usePrefs } from './data/prefs.ts';
import { router } from './router.tsx';
import './styles/theme.css';

applyTheme(usePrefs.getState().theme);

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no root element');
createRoot(root).render(
  <StrictMode>
    <I18nProvider locale="en-US">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
