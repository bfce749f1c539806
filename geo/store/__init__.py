"""The store of uploaded layers: kept, versioned, published, withdrawn, each step in an audit log.

`desk` changes it, `shelf` looks at it, `joining` puts what is published beside the shipped layers,
`trail` is the audit log, `backup` carries it elsewhere. Everything that needs a database is
imported by whoever uses it: an app without uploads never loads any of it.
"""
