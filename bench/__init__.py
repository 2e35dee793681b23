"""The figures the service promises to keep, each as a ratio measured in one run."""
