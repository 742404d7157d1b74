"""The kiosk program: touch page, ticket layout, printer."""
