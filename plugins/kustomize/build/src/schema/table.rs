//! Types and scopes of Kubernetes' kinds; made by `cargo xtask kustomize-schema`, not by hand.

use super::known::Known::{self, Leaf, List, Map, MergeList, Object};

/// All types; fields, values and items are indices of this list.
#[rustfmt::skip]
pub(super) static TYPES: &[Known] = &[
    // 0
    Leaf,
    // 1: io.k8s.api.admissionregistration.v1.MutatingWebhook
    Object(&[
        ("admissionReviewVersions", 2), ("clientConfig", 3), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 5), ("objectSelector", 5), ("reinvocationPolicy", 0),
        ("rules", 10), ("sideEffects", 0), ("timeoutSeconds", 0),
    ]),
    // 2
    List(0),
    // 3: io.k8s.api.admissionregistration.v1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 4), ("url", 0),
    ]),
    // 4: io.k8s.api.admissionregistration.v1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 5: io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector
    Object(&[
        ("matchExpressions", 7), ("matchLabels", 8),
    ]),
    // 6: io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement
    Object(&[
        ("key", 0), ("operator", 0), ("values", 2),
    ]),
    // 7
    List(6),
    // 8
    Map(0),
    // 9: io.k8s.api.admissionregistration.v1.RuleWithOperations
    Object(&[
        ("apiGroups", 2), ("apiVersions", 2), ("operations", 2), ("resources", 2), ("scope", 0),
    ]),
    // 10
    List(9),
    // 11: io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("webhooks", 18),
    ]),
    // 12: io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
    Object(&[
        ("annotations", 8), ("clusterName", 0), ("creationTimestamp", 0), ("deletionGracePeriodSeconds", 0),
        ("deletionTimestamp", 0), ("finalizers", 13), ("generateName", 0), ("generation", 0), ("labels", 8),
        ("managedFields", 15), ("name", 0), ("namespace", 0), ("ownerReferences", 17),
        ("resourceVersion", 0), ("selfLink", 0), ("uid", 0),
    ]),
    // 13
    MergeList(0, &[]),
    // 14: io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry
    Object(&[
        ("apiVersion", 0), ("fieldsType", 0), ("fieldsV1", 0), ("manager", 0), ("operation", 0), ("time", 0),
    ]),
    // 15
    List(14),
    // 16: io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference
    Object(&[
        ("apiVersion", 0), ("blockOwnerDeletion", 0), ("controller", 0), ("kind", 0), ("name", 0),
        ("uid", 0),
    ]),
    // 17
    MergeList(16, &["uid"]),
    // 18
    MergeList(1, &["name"]),
    // 19: io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 20), ("kind", 0), ("metadata", 21),
    ]),
    // 20
    List(11),
    // 21: io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta
    Object(&[
        ("continue", 0), ("remainingItemCount", 0), ("resourceVersion", 0), ("selfLink", 0),
    ]),
    // 22: io.k8s.api.admissionregistration.v1.ValidatingWebhook
    Object(&[
        ("admissionReviewVersions", 2), ("clientConfig", 3), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 5), ("objectSelector", 5), ("rules", 10), ("sideEffects", 0),
        ("timeoutSeconds", 0),
    ]),
    // 23: io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("webhooks", 24),
    ]),
    // 24
    MergeList(22, &["name"]),
    // 25: io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 26), ("kind", 0), ("metadata", 21),
    ]),
    // 26
    List(23),
    // 27: io.k8s.api.admissionregistration.v1beta1.MutatingWebhook
    Object(&[
        ("admissionReviewVersions", 2), ("clientConfig", 28), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 5), ("objectSelector", 5), ("reinvocationPolicy", 0),
        ("rules", 31), ("sideEffects", 0), ("timeoutSeconds", 0),
    ]),
    // 28: io.k8s.api.admissionregistration.v1beta1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 29), ("url", 0),
    ]),
    // 29: io.k8s.api.admissionregistration.v1beta1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 30: io.k8s.api.admissionregistration.v1beta1.RuleWithOperations
    Object(&[
        ("apiGroups", 2), ("apiVersions", 2), ("operations", 2), ("resources", 2), ("scope", 0),
    ]),
    // 31
    List(30),
    // 32: io.k8s.api.admissionregistration.v1beta1.MutatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("webhooks", 33),
    ]),
    // 33
    MergeList(27, &["name"]),
    // 34: io.k8s.api.admissionregistration.v1beta1.MutatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 35), ("kind", 0), ("metadata", 21),
    ]),
    // 35
    List(32),
    // 36: io.k8s.api.admissionregistration.v1beta1.ValidatingWebhook
    Object(&[
        ("admissionReviewVersions", 2), ("clientConfig", 28), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 5), ("objectSelector", 5), ("rules", 31), ("sideEffects", 0),
        ("timeoutSeconds", 0),
    ]),
    // 37: io.k8s.api.admissionregistration.v1beta1.ValidatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("webhooks", 38),
    ]),
    // 38
    MergeList(36, &["name"]),
    // 39: io.k8s.api.admissionregistration.v1beta1.ValidatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 40), ("kind", 0), ("metadata", 21),
    ]),
    // 40
    List(37),
    // 41: io.k8s.api.apps.v1.ConfigMapArgs
    Object(&[
        ("GeneratorArgs", 42),
    ]),
    // 42: io.k8s.api.apps.v1.GeneratorArgs
    Object(&[
        ("KvPairSources", 43), ("behavior", 0), ("name", 0), ("namespace", 0),
    ]),
    // 43: io.k8s.api.apps.v1.KvPairSources
    Object(&[
        ("env", 0), ("envs", 2), ("files", 2), ("literals", 2),
    ]),
    // 44: io.k8s.api.apps.v1.ControllerRevision
    Object(&[
        ("apiVersion", 0), ("data", 0), ("kind", 0), ("metadata", 12), ("revision", 0),
    ]),
    // 45: io.k8s.api.apps.v1.ControllerRevisionList
    Object(&[
        ("apiVersion", 0), ("items", 46), ("kind", 0), ("metadata", 21),
    ]),
    // 46
    List(44),
    // 47: io.k8s.api.apps.v1.DaemonSet
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 48), ("status", 164),
    ]),
    // 48: io.k8s.api.apps.v1.DaemonSetSpec
    Object(&[
        ("minReadySeconds", 0), ("revisionHistoryLimit", 0), ("selector", 5), ("template", 49),
        ("updateStrategy", 162),
    ]),
    // 49: io.k8s.api.core.v1.PodTemplateSpec
    Object(&[
        ("metadata", 12), ("spec", 50),
    ]),
    // 50: io.k8s.api.core.v1.PodSpec
    Object(&[
        ("activeDeadlineSeconds", 0), ("affinity", 51), ("automountServiceAccountToken", 0),
        ("containers", 98), ("dnsConfig", 99), ("dnsPolicy", 0), ("enableServiceLinks", 0),
        ("ephemeralContainers", 104), ("hostAliases", 106), ("hostIPC", 0), ("hostNetwork", 0),
        ("hostPID", 0), ("hostname", 0), ("imagePullSecrets", 108), ("initContainers", 98), ("nodeName", 0),
        ("nodeSelector", 8), ("overhead", 8), ("preemptionPolicy", 0), ("priority", 0),
        ("priorityClassName", 0), ("readinessGates", 110), ("restartPolicy", 0), ("runtimeClassName", 0),
        ("schedulerName", 0), ("securityContext", 111), ("serviceAccount", 0), ("serviceAccountName", 0),
        ("setHostnameAsFQDN", 0), ("shareProcessNamespace", 0), ("subdomain", 0),
        ("terminationGracePeriodSeconds", 0), ("tolerations", 115), ("topologySpreadConstraints", 117),
        ("volumes", 161),
    ]),
    // 51: io.k8s.api.core.v1.Affinity
    Object(&[
        ("nodeAffinity", 52), ("podAffinity", 60), ("podAntiAffinity", 65),
    ]),
    // 52: io.k8s.api.core.v1.NodeAffinity
    Object(&[
        ("preferredDuringSchedulingIgnoredDuringExecution", 57),
        ("requiredDuringSchedulingIgnoredDuringExecution", 58),
    ]),
    // 53: io.k8s.api.core.v1.PreferredSchedulingTerm
    Object(&[
        ("preference", 54), ("weight", 0),
    ]),
    // 54: io.k8s.api.core.v1.NodeSelectorTerm
    Object(&[
        ("matchExpressions", 56), ("matchFields", 56),
    ]),
    // 55: io.k8s.api.core.v1.NodeSelectorRequirement
    Object(&[
        ("key", 0), ("operator", 0), ("values", 2),
    ]),
    // 56
    List(55),
    // 57
    List(53),
    // 58: io.k8s.api.core.v1.NodeSelector
    Object(&[
        ("nodeSelectorTerms", 59),
    ]),
    // 59
    List(54),
    // 60: io.k8s.api.core.v1.PodAffinity
    Object(&[
        ("preferredDuringSchedulingIgnoredDuringExecution", 63),
        ("requiredDuringSchedulingIgnoredDuringExecution", 64),
    ]),
    // 61: io.k8s.api.core.v1.WeightedPodAffinityTerm
    Object(&[
        ("podAffinityTerm", 62), ("weight", 0),
    ]),
    // 62: io.k8s.api.core.v1.PodAffinityTerm
    Object(&[
        ("labelSelector", 5), ("namespaceSelector", 5), ("namespaces", 2), ("topologyKey", 0),
    ]),
    // 63
    List(61),
    // 64
    List(62),
    // 65: io.k8s.api.core.v1.PodAntiAffinity
    Object(&[
        ("preferredDuringSchedulingIgnoredDuringExecution", 63),
        ("requiredDuringSchedulingIgnoredDuringExecution", 64),
    ]),
    // 66: io.k8s.api.core.v1.Container
    Object(&[
        ("args", 2), ("command", 2), ("env", 73), ("envFrom", 77), ("image", 0), ("imagePullPolicy", 0),
        ("lifecycle", 78), ("livenessProbe", 85), ("name", 0), ("ports", 87), ("readinessProbe", 85),
        ("resources", 88), ("securityContext", 89), ("startupProbe", 85), ("stdin", 0), ("stdinOnce", 0),
        ("terminationMessagePath", 0), ("terminationMessagePolicy", 0), ("tty", 0), ("volumeDevices", 95),
        ("volumeMounts", 97), ("workingDir", 0),
    ]),
    // 67: io.k8s.api.core.v1.EnvVar
    Object(&[
        ("name", 0), ("value", 0), ("valueFrom", 68),
    ]),
    // 68: io.k8s.api.core.v1.EnvVarSource
    Object(&[
        ("configMapKeyRef", 69), ("fieldRef", 70), ("resourceFieldRef", 71), ("secretKeyRef", 72),
    ]),
    // 69: io.k8s.api.core.v1.ConfigMapKeySelector
    Object(&[
        ("key", 0), ("name", 0), ("optional", 0),
    ]),
    // 70: io.k8s.api.core.v1.ObjectFieldSelector
    Object(&[
        ("apiVersion", 0), ("fieldPath", 0),
    ]),
    // 71: io.k8s.api.core.v1.ResourceFieldSelector
    Object(&[
        ("containerName", 0), ("divisor", 0), ("resource", 0),
    ]),
    // 72: io.k8s.api.core.v1.SecretKeySelector
    Object(&[
        ("key", 0), ("name", 0), ("optional", 0),
    ]),
    // 73
    MergeList(67, &["name"]),
    // 74: io.k8s.api.core.v1.EnvFromSource
    Object(&[
        ("configMapRef", 75), ("prefix", 0), ("secretRef", 76),
    ]),
    // 75: io.k8s.api.core.v1.ConfigMapEnvSource
    Object(&[
        ("name", 0), ("optional", 0),
    ]),
    // 76: io.k8s.api.core.v1.SecretEnvSource
    Object(&[
        ("name", 0), ("optional", 0),
    ]),
    // 77
    List(74),
    // 78: io.k8s.api.core.v1.Lifecycle
    Object(&[
        ("postStart", 79), ("preStop", 79),
    ]),
    // 79: io.k8s.api.core.v1.Handler
    Object(&[
        ("exec", 80), ("httpGet", 81), ("tcpSocket", 84),
    ]),
    // 80: io.k8s.api.core.v1.ExecAction
    Object(&[
        ("command", 2),
    ]),
    // 81: io.k8s.api.core.v1.HTTPGetAction
    Object(&[
        ("host", 0), ("httpHeaders", 83), ("path", 0), ("port", 0), ("scheme", 0),
    ]),
    // 82: io.k8s.api.core.v1.HTTPHeader
    Object(&[
        ("name", 0), ("value", 0),
    ]),
    // 83
    List(82),
    // 84: io.k8s.api.core.v1.TCPSocketAction
    Object(&[
        ("host", 0), ("port", 0),
    ]),
    // 85: io.k8s.api.core.v1.Probe
    Object(&[
        ("exec", 80), ("failureThreshold", 0), ("httpGet", 81), ("initialDelaySeconds", 0),
        ("periodSeconds", 0), ("successThreshold", 0), ("tcpSocket", 84),
        ("terminationGracePeriodSeconds", 0), ("timeoutSeconds", 0),
    ]),
    // 86: io.k8s.api.core.v1.ContainerPort
    Object(&[
        ("containerPort", 0), ("hostIP", 0), ("hostPort", 0), ("name", 0), ("protocol", 0),
    ]),
    // 87
    MergeList(86, &["containerPort", "protocol"]),
    // 88: io.k8s.api.core.v1.ResourceRequirements
    Object(&[
        ("limits", 8), ("requests", 8),
    ]),
    // 89: io.k8s.api.core.v1.SecurityContext
    Object(&[
        ("allowPrivilegeEscalation", 0), ("capabilities", 90), ("privileged", 0), ("procMount", 0),
        ("readOnlyRootFilesystem", 0), ("runAsGroup", 0), ("runAsNonRoot", 0), ("runAsUser", 0),
        ("seLinuxOptions", 91), ("seccompProfile", 92), ("windowsOptions", 93),
    ]),
    // 90: io.k8s.api.core.v1.Capabilities
    Object(&[
        ("add", 2), ("drop", 2),
    ]),
    // 91: io.k8s.api.core.v1.SELinuxOptions
    Object(&[
        ("level", 0), ("role", 0), ("type", 0), ("user", 0),
    ]),
    // 92: io.k8s.api.core.v1.SeccompProfile
    Object(&[
        ("localhostProfile", 0), ("type", 0),
    ]),
    // 93: io.k8s.api.core.v1.WindowsSecurityContextOptions
    Object(&[
        ("gmsaCredentialSpec", 0), ("gmsaCredentialSpecName", 0), ("runAsUserName", 0),
    ]),
    // 94: io.k8s.api.core.v1.VolumeDevice
    Object(&[
        ("devicePath", 0), ("name", 0),
    ]),
    // 95
    MergeList(94, &["devicePath"]),
    // 96: io.k8s.api.core.v1.VolumeMount
    Object(&[
        ("mountPath", 0), ("mountPropagation", 0), ("name", 0), ("readOnly", 0), ("subPath", 0),
        ("subPathExpr", 0),
    ]),
    // 97
    MergeList(96, &["mountPath"]),
    // 98
    MergeList(66, &["name"]),
    // 99: io.k8s.api.core.v1.PodDNSConfig
    Object(&[
        ("nameservers", 2), ("options", 101), ("searches", 2),
    ]),
    // 100: io.k8s.api.core.v1.PodDNSConfigOption
    Object(&[
        ("name", 0), ("value", 0),
    ]),
    // 101
    List(100),
    // 102: io.k8s.api.core.v1.EphemeralContainer
    Object(&[
        ("args", 2), ("command", 2), ("env", 73), ("envFrom", 77), ("image", 0), ("imagePullPolicy", 0),
        ("lifecycle", 78), ("livenessProbe", 85), ("name", 0), ("ports", 103), ("readinessProbe", 85),
        ("resources", 88), ("securityContext", 89), ("startupProbe", 85), ("stdin", 0), ("stdinOnce", 0),
        ("targetContainerName", 0), ("terminationMessagePath", 0), ("terminationMessagePolicy", 0),
        ("tty", 0), ("volumeDevices", 95), ("volumeMounts", 97), ("workingDir", 0),
    ]),
    // 103
    List(86),
    // 104
    MergeList(102, &["name"]),
    // 105: io.k8s.api.core.v1.HostAlias
    Object(&[
        ("hostnames", 2), ("ip", 0),
    ]),
    // 106
    MergeList(105, &["ip"]),
    // 107: io.k8s.api.core.v1.LocalObjectReference
    Object(&[
        ("name", 0),
    ]),
    // 108
    MergeList(107, &["name"]),
    // 109: io.k8s.api.core.v1.PodReadinessGate
    Object(&[
        ("conditionType", 0),
    ]),
    // 110
    List(109),
    // 111: io.k8s.api.core.v1.PodSecurityContext
    Object(&[
        ("fsGroup", 0), ("fsGroupChangePolicy", 0), ("runAsGroup", 0), ("runAsNonRoot", 0), ("runAsUser", 0),
        ("seLinuxOptions", 91), ("seccompProfile", 92), ("supplementalGroups", 2), ("sysctls", 113),
        ("windowsOptions", 93),
    ]),
    // 112: io.k8s.api.core.v1.Sysctl
    Object(&[
        ("name", 0), ("value", 0),
    ]),
    // 113
    List(112),
    // 114: io.k8s.api.core.v1.Toleration
    Object(&[
        ("effect", 0), ("key", 0), ("operator", 0), ("tolerationSeconds", 0), ("value", 0),
    ]),
    // 115
    List(114),
    // 116: io.k8s.api.core.v1.TopologySpreadConstraint
    Object(&[
        ("labelSelector", 5), ("maxSkew", 0), ("topologyKey", 0), ("whenUnsatisfiable", 0),
    ]),
    // 117
    MergeList(116, &["topologyKey", "whenUnsatisfiable"]),
    // 118: io.k8s.api.core.v1.Volume
    Object(&[
        ("awsElasticBlockStore", 119), ("azureDisk", 120), ("azureFile", 121), ("cephfs", 122),
        ("cinder", 123), ("configMap", 124), ("csi", 127), ("downwardAPI", 128), ("emptyDir", 131),
        ("ephemeral", 132), ("fc", 136), ("flexVolume", 137), ("flocker", 138), ("gcePersistentDisk", 139),
        ("gitRepo", 140), ("glusterfs", 141), ("hostPath", 142), ("iscsi", 143), ("name", 0), ("nfs", 144),
        ("persistentVolumeClaim", 145), ("photonPersistentDisk", 146), ("portworxVolume", 147),
        ("projected", 148), ("quobyte", 155), ("rbd", 156), ("scaleIO", 157), ("secret", 158),
        ("storageos", 159), ("vsphereVolume", 160),
    ]),
    // 119: io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource
    Object(&[
        ("fsType", 0), ("partition", 0), ("readOnly", 0), ("volumeID", 0),
    ]),
    // 120: io.k8s.api.core.v1.AzureDiskVolumeSource
    Object(&[
        ("cachingMode", 0), ("diskName", 0), ("diskURI", 0), ("fsType", 0), ("kind", 0), ("readOnly", 0),
    ]),
    // 121: io.k8s.api.core.v1.AzureFileVolumeSource
    Object(&[
        ("readOnly", 0), ("secretName", 0), ("shareName", 0),
    ]),
    // 122: io.k8s.api.core.v1.CephFSVolumeSource
    Object(&[
        ("monitors", 2), ("path", 0), ("readOnly", 0), ("secretFile", 0), ("secretRef", 107), ("user", 0),
    ]),
    // 123: io.k8s.api.core.v1.CinderVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 107), ("volumeID", 0),
    ]),
    // 124: io.k8s.api.core.v1.ConfigMapVolumeSource
    Object(&[
        ("defaultMode", 0), ("items", 126), ("name", 0), ("optional", 0),
    ]),
    // 125: io.k8s.api.core.v1.KeyToPath
    Object(&[
        ("key", 0), ("mode", 0), ("path", 0),
    ]),
    // 126
    List(125),
    // 127: io.k8s.api.core.v1.CSIVolumeSource
    Object(&[
        ("driver", 0), ("fsType", 0), ("nodePublishSecretRef", 107), ("readOnly", 0),
        ("volumeAttributes", 8),
    ]),
    // 128: io.k8s.api.core.v1.DownwardAPIVolumeSource
    Object(&[
        ("defaultMode", 0), ("items", 130),
    ]),
    // 129: io.k8s.api.core.v1.DownwardAPIVolumeFile
    Object(&[
        ("fieldRef", 70), ("mode", 0), ("path", 0), ("resourceFieldRef", 71),
    ]),
    // 130
    List(129),
    // 131: io.k8s.api.core.v1.EmptyDirVolumeSource
    Object(&[
        ("medium", 0), ("sizeLimit", 0),
    ]),
    // 132: io.k8s.api.core.v1.EphemeralVolumeSource
    Object(&[
        ("volumeClaimTemplate", 133),
    ]),
    // 133: io.k8s.api.core.v1.PersistentVolumeClaimTemplate
    Object(&[
        ("metadata", 12), ("spec", 134),
    ]),
    // 134: io.k8s.api.core.v1.PersistentVolumeClaimSpec
    Object(&[
        ("accessModes", 2), ("dataSource", 135), ("resources", 88), ("selector", 5), ("storageClassName", 0),
        ("volumeMode", 0), ("volumeName", 0),
    ]),
    // 135: io.k8s.api.core.v1.TypedLocalObjectReference
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0),
    ]),
    // 136: io.k8s.api.core.v1.FCVolumeSource
    Object(&[
        ("fsType", 0), ("lun", 0), ("readOnly", 0), ("targetWWNs", 2), ("wwids", 2),
    ]),
    // 137: io.k8s.api.core.v1.FlexVolumeSource
    Object(&[
        ("driver", 0), ("fsType", 0), ("options", 8), ("readOnly", 0), ("secretRef", 107),
    ]),
    // 138: io.k8s.api.core.v1.FlockerVolumeSource
    Object(&[
        ("datasetName", 0), ("datasetUUID", 0),
    ]),
    // 139: io.k8s.api.core.v1.GCEPersistentDiskVolumeSource
    Object(&[
        ("fsType", 0), ("partition", 0), ("pdName", 0), ("readOnly", 0),
    ]),
    // 140: io.k8s.api.core.v1.GitRepoVolumeSource
    Object(&[
        ("directory", 0), ("repository", 0), ("revision", 0),
    ]),
    // 141: io.k8s.api.core.v1.GlusterfsVolumeSource
    Object(&[
        ("endpoints", 0), ("path", 0), ("readOnly", 0),
    ]),
    // 142: io.k8s.api.core.v1.HostPathVolumeSource
    Object(&[
        ("path", 0), ("type", 0),
    ]),
    // 143: io.k8s.api.core.v1.ISCSIVolumeSource
    Object(&[
        ("chapAuthDiscovery", 0), ("chapAuthSession", 0), ("fsType", 0), ("initiatorName", 0), ("iqn", 0),
        ("iscsiInterface", 0), ("lun", 0), ("portals", 2), ("readOnly", 0), ("secretRef", 107),
        ("targetPortal", 0),
    ]),
    // 144: io.k8s.api.core.v1.NFSVolumeSource
    Object(&[
        ("path", 0), ("readOnly", 0), ("server", 0),
    ]),
    // 145: io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource
    Object(&[
        ("claimName", 0), ("readOnly", 0),
    ]),
    // 146: io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource
    Object(&[
        ("fsType", 0), ("pdID", 0),
    ]),
    // 147: io.k8s.api.core.v1.PortworxVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("volumeID", 0),
    ]),
    // 148: io.k8s.api.core.v1.ProjectedVolumeSource
    Object(&[
        ("defaultMode", 0), ("sources", 154),
    ]),
    // 149: io.k8s.api.core.v1.VolumeProjection
    Object(&[
        ("configMap", 150), ("downwardAPI", 151), ("secret", 152), ("serviceAccountToken", 153),
    ]),
    // 150: io.k8s.api.core.v1.ConfigMapProjection
    Object(&[
        ("items", 126), ("name", 0), ("optional", 0),
    ]),
    // 151: io.k8s.api.core.v1.DownwardAPIProjection
    Object(&[
        ("items", 130),
    ]),
    // 152: io.k8s.api.core.v1.SecretProjection
    Object(&[
        ("items", 126), ("name", 0), ("optional", 0),
    ]),
    // 153: io.k8s.api.core.v1.ServiceAccountTokenProjection
    Object(&[
        ("audience", 0), ("expirationSeconds", 0), ("path", 0),
    ]),
    // 154
    List(149),
    // 155: io.k8s.api.core.v1.QuobyteVolumeSource
    Object(&[
        ("group", 0), ("readOnly", 0), ("registry", 0), ("tenant", 0), ("user", 0), ("volume", 0),
    ]),
    // 156: io.k8s.api.core.v1.RBDVolumeSource
    Object(&[
        ("fsType", 0), ("image", 0), ("keyring", 0), ("monitors", 2), ("pool", 0), ("readOnly", 0),
        ("secretRef", 107), ("user", 0),
    ]),
    // 157: io.k8s.api.core.v1.ScaleIOVolumeSource
    Object(&[
        ("fsType", 0), ("gateway", 0), ("protectionDomain", 0), ("readOnly", 0), ("secretRef", 107),
        ("sslEnabled", 0), ("storageMode", 0), ("storagePool", 0), ("system", 0), ("volumeName", 0),
    ]),
    // 158: io.k8s.api.core.v1.SecretVolumeSource
    Object(&[
        ("defaultMode", 0), ("items", 126), ("optional", 0), ("secretName", 0),
    ]),
    // 159: io.k8s.api.core.v1.StorageOSVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 107), ("volumeName", 0), ("volumeNamespace", 0),
    ]),
    // 160: io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource
    Object(&[
        ("fsType", 0), ("storagePolicyID", 0), ("storagePolicyName", 0), ("volumePath", 0),
    ]),
    // 161
    MergeList(118, &["name"]),
    // 162: io.k8s.api.apps.v1.DaemonSetUpdateStrategy
    Object(&[
        ("rollingUpdate", 163), ("type", 0),
    ]),
    // 163: io.k8s.api.apps.v1.RollingUpdateDaemonSet
    Object(&[
        ("maxSurge", 0), ("maxUnavailable", 0),
    ]),
    // 164: io.k8s.api.apps.v1.DaemonSetStatus
    Object(&[
        ("collisionCount", 0), ("conditions", 166), ("currentNumberScheduled", 0),
        ("desiredNumberScheduled", 0), ("numberAvailable", 0), ("numberMisscheduled", 0), ("numberReady", 0),
        ("numberUnavailable", 0), ("observedGeneration", 0), ("updatedNumberScheduled", 0),
    ]),
    // 165: io.k8s.api.apps.v1.DaemonSetCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 166
    MergeList(165, &["type"]),
    // 167: io.k8s.api.apps.v1.DaemonSetList
    Object(&[
        ("apiVersion", 0), ("items", 168), ("kind", 0), ("metadata", 21),
    ]),
    // 168
    List(47),
    // 169: io.k8s.api.apps.v1.Deployment
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 170), ("status", 173),
    ]),
    // 170: io.k8s.api.apps.v1.DeploymentSpec
    Object(&[
        ("minReadySeconds", 0), ("paused", 0), ("progressDeadlineSeconds", 0), ("replicas", 0),
        ("revisionHistoryLimit", 0), ("selector", 5), ("strategy", 171), ("template", 49),
    ]),
    // 171: io.k8s.api.apps.v1.DeploymentStrategy
    Object(&[
        ("rollingUpdate", 172), ("type", 0),
    ]),
    // 172: io.k8s.api.apps.v1.RollingUpdateDeployment
    Object(&[
        ("maxSurge", 0), ("maxUnavailable", 0),
    ]),
    // 173: io.k8s.api.apps.v1.DeploymentStatus
    Object(&[
        ("availableReplicas", 0), ("collisionCount", 0), ("conditions", 175), ("observedGeneration", 0),
        ("readyReplicas", 0), ("replicas", 0), ("unavailableReplicas", 0), ("updatedReplicas", 0),
    ]),
    // 174: io.k8s.api.apps.v1.DeploymentCondition
    Object(&[
        ("lastTransitionTime", 0), ("lastUpdateTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 175
    MergeList(174, &["type"]),
    // 176: io.k8s.api.apps.v1.DeploymentList
    Object(&[
        ("apiVersion", 0), ("items", 177), ("kind", 0), ("metadata", 21),
    ]),
    // 177
    List(169),
    // 178: io.k8s.api.apps.v1.Kustomization
    Object(&[
        ("configMapGenerator", 179), ("secretGenerator", 181),
    ]),
    // 179
    MergeList(41, &["name"]),
    // 180: io.k8s.api.apps.v1.SecretArgs
    Object(&[
        ("GeneratorArgs", 42), ("type", 0),
    ]),
    // 181
    MergeList(180, &["name"]),
    // 182: io.k8s.api.apps.v1.ReplicaSet
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 183), ("status", 184),
    ]),
    // 183: io.k8s.api.apps.v1.ReplicaSetSpec
    Object(&[
        ("minReadySeconds", 0), ("replicas", 0), ("selector", 5), ("template", 49),
    ]),
    // 184: io.k8s.api.apps.v1.ReplicaSetStatus
    Object(&[
        ("availableReplicas", 0), ("conditions", 186), ("fullyLabeledReplicas", 0),
        ("observedGeneration", 0), ("readyReplicas", 0), ("replicas", 0),
    ]),
    // 185: io.k8s.api.apps.v1.ReplicaSetCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 186
    MergeList(185, &["type"]),
    // 187: io.k8s.api.apps.v1.ReplicaSetList
    Object(&[
        ("apiVersion", 0), ("items", 188), ("kind", 0), ("metadata", 21),
    ]),
    // 188
    List(182),
    // 189: io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy
    Object(&[
        ("partition", 0),
    ]),
    // 190: io.k8s.api.apps.v1.StatefulSet
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 191), ("status", 198),
    ]),
    // 191: io.k8s.api.apps.v1.StatefulSetSpec
    Object(&[
        ("podManagementPolicy", 0), ("replicas", 0), ("revisionHistoryLimit", 0), ("selector", 5),
        ("serviceName", 0), ("template", 49), ("updateStrategy", 192), ("volumeClaimTemplates", 197),
    ]),
    // 192: io.k8s.api.apps.v1.StatefulSetUpdateStrategy
    Object(&[
        ("rollingUpdate", 189), ("type", 0),
    ]),
    // 193: io.k8s.api.core.v1.PersistentVolumeClaim
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 134), ("status", 194),
    ]),
    // 194: io.k8s.api.core.v1.PersistentVolumeClaimStatus
    Object(&[
        ("accessModes", 2), ("capacity", 8), ("conditions", 196), ("phase", 0),
    ]),
    // 195: io.k8s.api.core.v1.PersistentVolumeClaimCondition
    Object(&[
        ("lastProbeTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 196
    MergeList(195, &["type"]),
    // 197
    List(193),
    // 198: io.k8s.api.apps.v1.StatefulSetStatus
    Object(&[
        ("collisionCount", 0), ("conditions", 200), ("currentReplicas", 0), ("currentRevision", 0),
        ("observedGeneration", 0), ("readyReplicas", 0), ("replicas", 0), ("updateRevision", 0),
        ("updatedReplicas", 0),
    ]),
    // 199: io.k8s.api.apps.v1.StatefulSetCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 200
    MergeList(199, &["type"]),
    // 201: io.k8s.api.apps.v1.StatefulSetList
    Object(&[
        ("apiVersion", 0), ("items", 202), ("kind", 0), ("metadata", 21),
    ]),
    // 202
    List(190),
    // 203: io.k8s.api.authentication.v1.BoundObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0), ("uid", 0),
    ]),
    // 204: io.k8s.api.authentication.v1.TokenRequest
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 205), ("status", 206),
    ]),
    // 205: io.k8s.api.authentication.v1.TokenRequestSpec
    Object(&[
        ("audiences", 2), ("boundObjectRef", 203), ("expirationSeconds", 0),
    ]),
    // 206: io.k8s.api.authentication.v1.TokenRequestStatus
    Object(&[
        ("expirationTimestamp", 0), ("token", 0),
    ]),
    // 207: io.k8s.api.authentication.v1.TokenReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 208), ("status", 209),
    ]),
    // 208: io.k8s.api.authentication.v1.TokenReviewSpec
    Object(&[
        ("audiences", 2), ("token", 0),
    ]),
    // 209: io.k8s.api.authentication.v1.TokenReviewStatus
    Object(&[
        ("audiences", 2), ("authenticated", 0), ("error", 0), ("user", 210),
    ]),
    // 210: io.k8s.api.authentication.v1.UserInfo
    Object(&[
        ("extra", 211), ("groups", 2), ("uid", 0), ("username", 0),
    ]),
    // 211
    Map(2),
    // 212: io.k8s.api.authentication.v1beta1.TokenReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 213), ("status", 214),
    ]),
    // 213: io.k8s.api.authentication.v1beta1.TokenReviewSpec
    Object(&[
        ("audiences", 2), ("token", 0),
    ]),
    // 214: io.k8s.api.authentication.v1beta1.TokenReviewStatus
    Object(&[
        ("audiences", 2), ("authenticated", 0), ("error", 0), ("user", 215),
    ]),
    // 215: io.k8s.api.authentication.v1beta1.UserInfo
    Object(&[
        ("extra", 211), ("groups", 2), ("uid", 0), ("username", 0),
    ]),
    // 216: io.k8s.api.authorization.v1.LocalSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 217), ("status", 220),
    ]),
    // 217: io.k8s.api.authorization.v1.SubjectAccessReviewSpec
    Object(&[
        ("extra", 211), ("groups", 2), ("nonResourceAttributes", 218), ("resourceAttributes", 219),
        ("uid", 0), ("user", 0),
    ]),
    // 218: io.k8s.api.authorization.v1.NonResourceAttributes
    Object(&[
        ("path", 0), ("verb", 0),
    ]),
    // 219: io.k8s.api.authorization.v1.ResourceAttributes
    Object(&[
        ("group", 0), ("name", 0), ("namespace", 0), ("resource", 0), ("subresource", 0), ("verb", 0),
        ("version", 0),
    ]),
    // 220: io.k8s.api.authorization.v1.SubjectAccessReviewStatus
    Object(&[
        ("allowed", 0), ("denied", 0), ("evaluationError", 0), ("reason", 0),
    ]),
    // 221: io.k8s.api.authorization.v1.NonResourceRule
    Object(&[
        ("nonResourceURLs", 2), ("verbs", 2),
    ]),
    // 222: io.k8s.api.authorization.v1.ResourceRule
    Object(&[
        ("apiGroups", 2), ("resourceNames", 2), ("resources", 2), ("verbs", 2),
    ]),
    // 223: io.k8s.api.authorization.v1.SelfSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 224), ("status", 220),
    ]),
    // 224: io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec
    Object(&[
        ("nonResourceAttributes", 218), ("resourceAttributes", 219),
    ]),
    // 225: io.k8s.api.authorization.v1.SelfSubjectRulesReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 226), ("status", 227),
    ]),
    // 226: io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec
    Object(&[
        ("namespace", 0),
    ]),
    // 227: io.k8s.api.authorization.v1.SubjectRulesReviewStatus
    Object(&[
        ("evaluationError", 0), ("incomplete", 0), ("nonResourceRules", 228), ("resourceRules", 229),
    ]),
    // 228
    List(221),
    // 229
    List(222),
    // 230: io.k8s.api.authorization.v1.SubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 217), ("status", 220),
    ]),
    // 231: io.k8s.api.authorization.v1beta1.LocalSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 232), ("status", 235),
    ]),
    // 232: io.k8s.api.authorization.v1beta1.SubjectAccessReviewSpec
    Object(&[
        ("extra", 211), ("group", 2), ("nonResourceAttributes", 233), ("resourceAttributes", 234),
        ("uid", 0), ("user", 0),
    ]),
    // 233: io.k8s.api.authorization.v1beta1.NonResourceAttributes
    Object(&[
        ("path", 0), ("verb", 0),
    ]),
    // 234: io.k8s.api.authorization.v1beta1.ResourceAttributes
    Object(&[
        ("group", 0), ("name", 0), ("namespace", 0), ("resource", 0), ("subresource", 0), ("verb", 0),
        ("version", 0),
    ]),
    // 235: io.k8s.api.authorization.v1beta1.SubjectAccessReviewStatus
    Object(&[
        ("allowed", 0), ("denied", 0), ("evaluationError", 0), ("reason", 0),
    ]),
    // 236: io.k8s.api.authorization.v1beta1.NonResourceRule
    Object(&[
        ("nonResourceURLs", 2), ("verbs", 2),
    ]),
    // 237: io.k8s.api.authorization.v1beta1.ResourceRule
    Object(&[
        ("apiGroups", 2), ("resourceNames", 2), ("resources", 2), ("verbs", 2),
    ]),
    // 238: io.k8s.api.authorization.v1beta1.SelfSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 239), ("status", 235),
    ]),
    // 239: io.k8s.api.authorization.v1beta1.SelfSubjectAccessReviewSpec
    Object(&[
        ("nonResourceAttributes", 233), ("resourceAttributes", 234),
    ]),
    // 240: io.k8s.api.authorization.v1beta1.SelfSubjectRulesReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 241), ("status", 242),
    ]),
    // 241: io.k8s.api.authorization.v1beta1.SelfSubjectRulesReviewSpec
    Object(&[
        ("namespace", 0),
    ]),
    // 242: io.k8s.api.authorization.v1beta1.SubjectRulesReviewStatus
    Object(&[
        ("evaluationError", 0), ("incomplete", 0), ("nonResourceRules", 243), ("resourceRules", 244),
    ]),
    // 243
    List(236),
    // 244
    List(237),
    // 245: io.k8s.api.authorization.v1beta1.SubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 232), ("status", 235),
    ]),
    // 246: io.k8s.api.autoscaling.v1.CrossVersionObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0),
    ]),
    // 247: io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 248), ("status", 249),
    ]),
    // 248: io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec
    Object(&[
        ("maxReplicas", 0), ("minReplicas", 0), ("scaleTargetRef", 246),
        ("targetCPUUtilizationPercentage", 0),
    ]),
    // 249: io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus
    Object(&[
        ("currentCPUUtilizationPercentage", 0), ("currentReplicas", 0), ("desiredReplicas", 0),
        ("lastScaleTime", 0), ("observedGeneration", 0),
    ]),
    // 250: io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList
    Object(&[
        ("apiVersion", 0), ("items", 251), ("kind", 0), ("metadata", 21),
    ]),
    // 251
    List(247),
    // 252: io.k8s.api.autoscaling.v1.Scale
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 253), ("status", 254),
    ]),
    // 253: io.k8s.api.autoscaling.v1.ScaleSpec
    Object(&[
        ("replicas", 0),
    ]),
    // 254: io.k8s.api.autoscaling.v1.ScaleStatus
    Object(&[
        ("replicas", 0), ("selector", 0),
    ]),
    // 255: io.k8s.api.autoscaling.v2beta1.ContainerResourceMetricSource
    Object(&[
        ("container", 0), ("name", 0), ("targetAverageUtilization", 0), ("targetAverageValue", 0),
    ]),
    // 256: io.k8s.api.autoscaling.v2beta1.ContainerResourceMetricStatus
    Object(&[
        ("container", 0), ("currentAverageUtilization", 0), ("currentAverageValue", 0), ("name", 0),
    ]),
    // 257: io.k8s.api.autoscaling.v2beta1.CrossVersionObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0),
    ]),
    // 258: io.k8s.api.autoscaling.v2beta1.ExternalMetricSource
    Object(&[
        ("metricName", 0), ("metricSelector", 5), ("targetAverageValue", 0), ("targetValue", 0),
    ]),
    // 259: io.k8s.api.autoscaling.v2beta1.ExternalMetricStatus
    Object(&[
        ("currentAverageValue", 0), ("currentValue", 0), ("metricName", 0), ("metricSelector", 5),
    ]),
    // 260: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscaler
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 261), ("status", 267),
    ]),
    // 261: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerSpec
    Object(&[
        ("maxReplicas", 0), ("metrics", 266), ("minReplicas", 0), ("scaleTargetRef", 257),
    ]),
    // 262: io.k8s.api.autoscaling.v2beta1.MetricSpec
    Object(&[
        ("containerResource", 255), ("external", 258), ("object", 263), ("pods", 264), ("resource", 265),
        ("type", 0),
    ]),
    // 263: io.k8s.api.autoscaling.v2beta1.ObjectMetricSource
    Object(&[
        ("averageValue", 0), ("metricName", 0), ("selector", 5), ("target", 257), ("targetValue", 0),
    ]),
    // 264: io.k8s.api.autoscaling.v2beta1.PodsMetricSource
    Object(&[
        ("metricName", 0), ("selector", 5), ("targetAverageValue", 0),
    ]),
    // 265: io.k8s.api.autoscaling.v2beta1.ResourceMetricSource
    Object(&[
        ("name", 0), ("targetAverageUtilization", 0), ("targetAverageValue", 0),
    ]),
    // 266
    List(262),
    // 267: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerStatus
    Object(&[
        ("conditions", 269), ("currentMetrics", 274), ("currentReplicas", 0), ("desiredReplicas", 0),
        ("lastScaleTime", 0), ("observedGeneration", 0),
    ]),
    // 268: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 269
    List(268),
    // 270: io.k8s.api.autoscaling.v2beta1.MetricStatus
    Object(&[
        ("containerResource", 256), ("external", 259), ("object", 271), ("pods", 272), ("resource", 273),
        ("type", 0),
    ]),
    // 271: io.k8s.api.autoscaling.v2beta1.ObjectMetricStatus
    Object(&[
        ("averageValue", 0), ("currentValue", 0), ("metricName", 0), ("selector", 5), ("target", 257),
    ]),
    // 272: io.k8s.api.autoscaling.v2beta1.PodsMetricStatus
    Object(&[
        ("currentAverageValue", 0), ("metricName", 0), ("selector", 5),
    ]),
    // 273: io.k8s.api.autoscaling.v2beta1.ResourceMetricStatus
    Object(&[
        ("currentAverageUtilization", 0), ("currentAverageValue", 0), ("name", 0),
    ]),
    // 274
    List(270),
    // 275: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerList
    Object(&[
        ("apiVersion", 0), ("items", 276), ("kind", 0), ("metadata", 21),
    ]),
    // 276
    List(260),
    // 277: io.k8s.api.autoscaling.v2beta2.ContainerResourceMetricSource
    Object(&[
        ("container", 0), ("name", 0), ("target", 278),
    ]),
    // 278: io.k8s.api.autoscaling.v2beta2.MetricTarget
    Object(&[
        ("averageUtilization", 0), ("averageValue", 0), ("type", 0), ("value", 0),
    ]),
    // 279: io.k8s.api.autoscaling.v2beta2.ContainerResourceMetricStatus
    Object(&[
        ("container", 0), ("current", 280), ("name", 0),
    ]),
    // 280: io.k8s.api.autoscaling.v2beta2.MetricValueStatus
    Object(&[
        ("averageUtilization", 0), ("averageValue", 0), ("value", 0),
    ]),
    // 281: io.k8s.api.autoscaling.v2beta2.CrossVersionObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0),
    ]),
    // 282: io.k8s.api.autoscaling.v2beta2.ExternalMetricSource
    Object(&[
        ("metric", 283), ("target", 278),
    ]),
    // 283: io.k8s.api.autoscaling.v2beta2.MetricIdentifier
    Object(&[
        ("name", 0), ("selector", 5),
    ]),
    // 284: io.k8s.api.autoscaling.v2beta2.ExternalMetricStatus
    Object(&[
        ("current", 280), ("metric", 283),
    ]),
    // 285: io.k8s.api.autoscaling.v2beta2.HPAScalingPolicy
    Object(&[
        ("periodSeconds", 0), ("type", 0), ("value", 0),
    ]),
    // 286: io.k8s.api.autoscaling.v2beta2.HPAScalingRules
    Object(&[
        ("policies", 287), ("selectPolicy", 0), ("stabilizationWindowSeconds", 0),
    ]),
    // 287
    List(285),
    // 288: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscaler
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 289), ("status", 296),
    ]),
    // 289: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerSpec
    Object(&[
        ("behavior", 290), ("maxReplicas", 0), ("metrics", 295), ("minReplicas", 0), ("scaleTargetRef", 281),
    ]),
    // 290: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerBehavior
    Object(&[
        ("scaleDown", 286), ("scaleUp", 286),
    ]),
    // 291: io.k8s.api.autoscaling.v2beta2.MetricSpec
    Object(&[
        ("containerResource", 277), ("external", 282), ("object", 292), ("pods", 293), ("resource", 294),
        ("type", 0),
    ]),
    // 292: io.k8s.api.autoscaling.v2beta2.ObjectMetricSource
    Object(&[
        ("describedObject", 281), ("metric", 283), ("target", 278),
    ]),
    // 293: io.k8s.api.autoscaling.v2beta2.PodsMetricSource
    Object(&[
        ("metric", 283), ("target", 278),
    ]),
    // 294: io.k8s.api.autoscaling.v2beta2.ResourceMetricSource
    Object(&[
        ("name", 0), ("target", 278),
    ]),
    // 295
    List(291),
    // 296: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerStatus
    Object(&[
        ("conditions", 298), ("currentMetrics", 303), ("currentReplicas", 0), ("desiredReplicas", 0),
        ("lastScaleTime", 0), ("observedGeneration", 0),
    ]),
    // 297: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 298
    List(297),
    // 299: io.k8s.api.autoscaling.v2beta2.MetricStatus
    Object(&[
        ("containerResource", 279), ("external", 284), ("object", 300), ("pods", 301), ("resource", 302),
        ("type", 0),
    ]),
    // 300: io.k8s.api.autoscaling.v2beta2.ObjectMetricStatus
    Object(&[
        ("current", 280), ("describedObject", 281), ("metric", 283),
    ]),
    // 301: io.k8s.api.autoscaling.v2beta2.PodsMetricStatus
    Object(&[
        ("current", 280), ("metric", 283),
    ]),
    // 302: io.k8s.api.autoscaling.v2beta2.ResourceMetricStatus
    Object(&[
        ("current", 280), ("name", 0),
    ]),
    // 303
    List(299),
    // 304: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerList
    Object(&[
        ("apiVersion", 0), ("items", 305), ("kind", 0), ("metadata", 21),
    ]),
    // 305
    List(288),
    // 306: io.k8s.api.batch.v1.CronJob
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 307), ("status", 310),
    ]),
    // 307: io.k8s.api.batch.v1.CronJobSpec
    Object(&[
        ("concurrencyPolicy", 0), ("failedJobsHistoryLimit", 0), ("jobTemplate", 308), ("schedule", 0),
        ("startingDeadlineSeconds", 0), ("successfulJobsHistoryLimit", 0), ("suspend", 0),
    ]),
    // 308: io.k8s.api.batch.v1.JobTemplateSpec
    Object(&[
        ("metadata", 12), ("spec", 309),
    ]),
    // 309: io.k8s.api.batch.v1.JobSpec
    Object(&[
        ("activeDeadlineSeconds", 0), ("backoffLimit", 0), ("completionMode", 0), ("completions", 0),
        ("manualSelector", 0), ("parallelism", 0), ("selector", 5), ("suspend", 0), ("template", 49),
        ("ttlSecondsAfterFinished", 0),
    ]),
    // 310: io.k8s.api.batch.v1.CronJobStatus
    Object(&[
        ("active", 312), ("lastScheduleTime", 0), ("lastSuccessfulTime", 0),
    ]),
    // 311: io.k8s.api.core.v1.ObjectReference
    Object(&[
        ("apiVersion", 0), ("fieldPath", 0), ("kind", 0), ("name", 0), ("namespace", 0),
        ("resourceVersion", 0), ("uid", 0),
    ]),
    // 312
    List(311),
    // 313: io.k8s.api.batch.v1.CronJobList
    Object(&[
        ("apiVersion", 0), ("items", 314), ("kind", 0), ("metadata", 21),
    ]),
    // 314
    List(306),
    // 315: io.k8s.api.batch.v1.Job
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 309), ("status", 316),
    ]),
    // 316: io.k8s.api.batch.v1.JobStatus
    Object(&[
        ("active", 0), ("completedIndexes", 0), ("completionTime", 0), ("conditions", 318), ("failed", 0),
        ("startTime", 0), ("succeeded", 0),
    ]),
    // 317: io.k8s.api.batch.v1.JobCondition
    Object(&[
        ("lastProbeTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 318
    MergeList(317, &["type"]),
    // 319: io.k8s.api.batch.v1.JobList
    Object(&[
        ("apiVersion", 0), ("items", 320), ("kind", 0), ("metadata", 21),
    ]),
    // 320
    List(315),
    // 321: io.k8s.api.batch.v1beta1.CronJob
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 322), ("status", 324),
    ]),
    // 322: io.k8s.api.batch.v1beta1.CronJobSpec
    Object(&[
        ("concurrencyPolicy", 0), ("failedJobsHistoryLimit", 0), ("jobTemplate", 323), ("schedule", 0),
        ("startingDeadlineSeconds", 0), ("successfulJobsHistoryLimit", 0), ("suspend", 0),
    ]),
    // 323: io.k8s.api.batch.v1beta1.JobTemplateSpec
    Object(&[
        ("metadata", 12), ("spec", 309),
    ]),
    // 324: io.k8s.api.batch.v1beta1.CronJobStatus
    Object(&[
        ("active", 312), ("lastScheduleTime", 0), ("lastSuccessfulTime", 0),
    ]),
    // 325: io.k8s.api.batch.v1beta1.CronJobList
    Object(&[
        ("apiVersion", 0), ("items", 326), ("kind", 0), ("metadata", 21),
    ]),
    // 326
    List(321),
    // 327: io.k8s.api.certificates.v1.CertificateSigningRequest
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 328), ("status", 329),
    ]),
    // 328: io.k8s.api.certificates.v1.CertificateSigningRequestSpec
    Object(&[
        ("extra", 211), ("groups", 2), ("request", 0), ("signerName", 0), ("uid", 0), ("usages", 2),
        ("username", 0),
    ]),
    // 329: io.k8s.api.certificates.v1.CertificateSigningRequestStatus
    Object(&[
        ("certificate", 0), ("conditions", 331),
    ]),
    // 330: io.k8s.api.certificates.v1.CertificateSigningRequestCondition
    Object(&[
        ("lastTransitionTime", 0), ("lastUpdateTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 331
    List(330),
    // 332: io.k8s.api.certificates.v1.CertificateSigningRequestList
    Object(&[
        ("apiVersion", 0), ("items", 333), ("kind", 0), ("metadata", 21),
    ]),
    // 333
    List(327),
    // 334: io.k8s.api.certificates.v1beta1.CertificateSigningRequest
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 335), ("status", 336),
    ]),
    // 335: io.k8s.api.certificates.v1beta1.CertificateSigningRequestSpec
    Object(&[
        ("extra", 211), ("groups", 2), ("request", 0), ("signerName", 0), ("uid", 0), ("usages", 2),
        ("username", 0),
    ]),
    // 336: io.k8s.api.certificates.v1beta1.CertificateSigningRequestStatus
    Object(&[
        ("certificate", 0), ("conditions", 338),
    ]),
    // 337: io.k8s.api.certificates.v1beta1.CertificateSigningRequestCondition
    Object(&[
        ("lastTransitionTime", 0), ("lastUpdateTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 338
    List(337),
    // 339: io.k8s.api.certificates.v1beta1.CertificateSigningRequestList
    Object(&[
        ("apiVersion", 0), ("items", 340), ("kind", 0), ("metadata", 21),
    ]),
    // 340
    List(334),
    // 341: io.k8s.api.coordination.v1.Lease
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 342),
    ]),
    // 342: io.k8s.api.coordination.v1.LeaseSpec
    Object(&[
        ("acquireTime", 0), ("holderIdentity", 0), ("leaseDurationSeconds", 0), ("leaseTransitions", 0),
        ("renewTime", 0),
    ]),
    // 343: io.k8s.api.coordination.v1.LeaseList
    Object(&[
        ("apiVersion", 0), ("items", 344), ("kind", 0), ("metadata", 21),
    ]),
    // 344
    List(341),
    // 345: io.k8s.api.coordination.v1beta1.Lease
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 346),
    ]),
    // 346: io.k8s.api.coordination.v1beta1.LeaseSpec
    Object(&[
        ("acquireTime", 0), ("holderIdentity", 0), ("leaseDurationSeconds", 0), ("leaseTransitions", 0),
        ("renewTime", 0),
    ]),
    // 347: io.k8s.api.coordination.v1beta1.LeaseList
    Object(&[
        ("apiVersion", 0), ("items", 348), ("kind", 0), ("metadata", 21),
    ]),
    // 348
    List(345),
    // 349: io.k8s.api.core.v1.AttachedVolume
    Object(&[
        ("devicePath", 0), ("name", 0),
    ]),
    // 350: io.k8s.api.core.v1.AzureFilePersistentVolumeSource
    Object(&[
        ("readOnly", 0), ("secretName", 0), ("secretNamespace", 0), ("shareName", 0),
    ]),
    // 351: io.k8s.api.core.v1.Binding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("target", 311),
    ]),
    // 352: io.k8s.api.core.v1.CSIPersistentVolumeSource
    Object(&[
        ("controllerExpandSecretRef", 353), ("controllerPublishSecretRef", 353), ("driver", 0),
        ("fsType", 0), ("nodePublishSecretRef", 353), ("nodeStageSecretRef", 353), ("readOnly", 0),
        ("volumeAttributes", 8), ("volumeHandle", 0),
    ]),
    // 353: io.k8s.api.core.v1.SecretReference
    Object(&[
        ("name", 0), ("namespace", 0),
    ]),
    // 354: io.k8s.api.core.v1.CephFSPersistentVolumeSource
    Object(&[
        ("monitors", 2), ("path", 0), ("readOnly", 0), ("secretFile", 0), ("secretRef", 353), ("user", 0),
    ]),
    // 355: io.k8s.api.core.v1.CinderPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 353), ("volumeID", 0),
    ]),
    // 356: io.k8s.api.core.v1.ClientIPConfig
    Object(&[
        ("timeoutSeconds", 0),
    ]),
    // 357: io.k8s.api.core.v1.ComponentCondition
    Object(&[
        ("error", 0), ("message", 0), ("status", 0), ("type", 0),
    ]),
    // 358: io.k8s.api.core.v1.ComponentStatus
    Object(&[
        ("apiVersion", 0), ("conditions", 359), ("kind", 0), ("metadata", 12),
    ]),
    // 359
    MergeList(357, &["type"]),
    // 360: io.k8s.api.core.v1.ComponentStatusList
    Object(&[
        ("apiVersion", 0), ("items", 361), ("kind", 0), ("metadata", 21),
    ]),
    // 361
    List(358),
    // 362: io.k8s.api.core.v1.ConfigMap
    Object(&[
        ("apiVersion", 0), ("binaryData", 8), ("data", 8), ("immutable", 0), ("kind", 0), ("metadata", 12),
    ]),
    // 363: io.k8s.api.core.v1.ConfigMapList
    Object(&[
        ("apiVersion", 0), ("items", 364), ("kind", 0), ("metadata", 21),
    ]),
    // 364
    List(362),
    // 365: io.k8s.api.core.v1.ConfigMapNodeConfigSource
    Object(&[
        ("kubeletConfigKey", 0), ("name", 0), ("namespace", 0), ("resourceVersion", 0), ("uid", 0),
    ]),
    // 366: io.k8s.api.core.v1.ContainerImage
    Object(&[
        ("names", 2), ("sizeBytes", 0),
    ]),
    // 367: io.k8s.api.core.v1.ContainerState
    Object(&[
        ("running", 368), ("terminated", 369), ("waiting", 370),
    ]),
    // 368: io.k8s.api.core.v1.ContainerStateRunning
    Object(&[
        ("startedAt", 0),
    ]),
    // 369: io.k8s.api.core.v1.ContainerStateTerminated
    Object(&[
        ("containerID", 0), ("exitCode", 0), ("finishedAt", 0), ("message", 0), ("reason", 0), ("signal", 0),
        ("startedAt", 0),
    ]),
    // 370: io.k8s.api.core.v1.ContainerStateWaiting
    Object(&[
        ("message", 0), ("reason", 0),
    ]),
    // 371: io.k8s.api.core.v1.ContainerStatus
    Object(&[
        ("containerID", 0), ("image", 0), ("imageID", 0), ("lastState", 367), ("name", 0), ("ready", 0),
        ("restartCount", 0), ("started", 0), ("state", 367),
    ]),
    // 372: io.k8s.api.core.v1.DaemonEndpoint
    Object(&[
        ("Port", 0),
    ]),
    // 373: io.k8s.api.core.v1.EndpointAddress
    Object(&[
        ("hostname", 0), ("ip", 0), ("nodeName", 0), ("targetRef", 311),
    ]),
    // 374: io.k8s.api.core.v1.EndpointPort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("port", 0), ("protocol", 0),
    ]),
    // 375: io.k8s.api.core.v1.EndpointSubset
    Object(&[
        ("addresses", 376), ("notReadyAddresses", 376), ("ports", 377),
    ]),
    // 376
    List(373),
    // 377
    List(374),
    // 378: io.k8s.api.core.v1.Endpoints
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("subsets", 379),
    ]),
    // 379
    List(375),
    // 380: io.k8s.api.core.v1.EndpointsList
    Object(&[
        ("apiVersion", 0), ("items", 381), ("kind", 0), ("metadata", 21),
    ]),
    // 381
    List(378),
    // 382: io.k8s.api.core.v1.Event
    Object(&[
        ("action", 0), ("apiVersion", 0), ("count", 0), ("eventTime", 0), ("firstTimestamp", 0),
        ("involvedObject", 311), ("kind", 0), ("lastTimestamp", 0), ("message", 0), ("metadata", 12),
        ("reason", 0), ("related", 311), ("reportingComponent", 0), ("reportingInstance", 0),
        ("series", 383), ("source", 384), ("type", 0),
    ]),
    // 383: io.k8s.api.core.v1.EventSeries
    Object(&[
        ("count", 0), ("lastObservedTime", 0),
    ]),
    // 384: io.k8s.api.core.v1.EventSource
    Object(&[
        ("component", 0), ("host", 0),
    ]),
    // 385: io.k8s.api.core.v1.EventList
    Object(&[
        ("apiVersion", 0), ("items", 386), ("kind", 0), ("metadata", 21),
    ]),
    // 386
    List(382),
    // 387: io.k8s.api.core.v1.FlexPersistentVolumeSource
    Object(&[
        ("driver", 0), ("fsType", 0), ("options", 8), ("readOnly", 0), ("secretRef", 353),
    ]),
    // 388: io.k8s.api.core.v1.GlusterfsPersistentVolumeSource
    Object(&[
        ("endpoints", 0), ("endpointsNamespace", 0), ("path", 0), ("readOnly", 0),
    ]),
    // 389: io.k8s.api.core.v1.ISCSIPersistentVolumeSource
    Object(&[
        ("chapAuthDiscovery", 0), ("chapAuthSession", 0), ("fsType", 0), ("initiatorName", 0), ("iqn", 0),
        ("iscsiInterface", 0), ("lun", 0), ("portals", 2), ("readOnly", 0), ("secretRef", 353),
        ("targetPortal", 0),
    ]),
    // 390: io.k8s.api.core.v1.LimitRange
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 391),
    ]),
    // 391: io.k8s.api.core.v1.LimitRangeSpec
    Object(&[
        ("limits", 393),
    ]),
    // 392: io.k8s.api.core.v1.LimitRangeItem
    Object(&[
        ("default", 8), ("defaultRequest", 8), ("max", 8), ("maxLimitRequestRatio", 8), ("min", 8),
        ("type", 0),
    ]),
    // 393
    List(392),
    // 394: io.k8s.api.core.v1.LimitRangeList
    Object(&[
        ("apiVersion", 0), ("items", 395), ("kind", 0), ("metadata", 21),
    ]),
    // 395
    List(390),
    // 396: io.k8s.api.core.v1.LoadBalancerIngress
    Object(&[
        ("hostname", 0), ("ip", 0), ("ports", 398),
    ]),
    // 397: io.k8s.api.core.v1.PortStatus
    Object(&[
        ("error", 0), ("port", 0), ("protocol", 0),
    ]),
    // 398
    List(397),
    // 399: io.k8s.api.core.v1.LoadBalancerStatus
    Object(&[
        ("ingress", 400),
    ]),
    // 400
    List(396),
    // 401: io.k8s.api.core.v1.LocalVolumeSource
    Object(&[
        ("fsType", 0), ("path", 0),
    ]),
    // 402: io.k8s.api.core.v1.Namespace
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 403), ("status", 404),
    ]),
    // 403: io.k8s.api.core.v1.NamespaceSpec
    Object(&[
        ("finalizers", 2),
    ]),
    // 404: io.k8s.api.core.v1.NamespaceStatus
    Object(&[
        ("conditions", 406), ("phase", 0),
    ]),
    // 405: io.k8s.api.core.v1.NamespaceCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 406
    MergeList(405, &["type"]),
    // 407: io.k8s.api.core.v1.NamespaceList
    Object(&[
        ("apiVersion", 0), ("items", 408), ("kind", 0), ("metadata", 21),
    ]),
    // 408
    List(402),
    // 409: io.k8s.api.core.v1.Node
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 410), ("status", 414),
    ]),
    // 410: io.k8s.api.core.v1.NodeSpec
    Object(&[
        ("configSource", 411), ("externalID", 0), ("podCIDR", 0), ("podCIDRs", 13), ("providerID", 0),
        ("taints", 413), ("unschedulable", 0),
    ]),
    // 411: io.k8s.api.core.v1.NodeConfigSource
    Object(&[
        ("configMap", 365),
    ]),
    // 412: io.k8s.api.core.v1.Taint
    Object(&[
        ("effect", 0), ("key", 0), ("timeAdded", 0), ("value", 0),
    ]),
    // 413
    List(412),
    // 414: io.k8s.api.core.v1.NodeStatus
    Object(&[
        ("addresses", 416), ("allocatable", 8), ("capacity", 8), ("conditions", 418), ("config", 419),
        ("daemonEndpoints", 420), ("images", 421), ("nodeInfo", 422), ("phase", 0), ("volumesAttached", 423),
        ("volumesInUse", 2),
    ]),
    // 415: io.k8s.api.core.v1.NodeAddress
    Object(&[
        ("address", 0), ("type", 0),
    ]),
    // 416
    MergeList(415, &["type"]),
    // 417: io.k8s.api.core.v1.NodeCondition
    Object(&[
        ("lastHeartbeatTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 418
    MergeList(417, &["type"]),
    // 419: io.k8s.api.core.v1.NodeConfigStatus
    Object(&[
        ("active", 411), ("assigned", 411), ("error", 0), ("lastKnownGood", 411),
    ]),
    // 420: io.k8s.api.core.v1.NodeDaemonEndpoints
    Object(&[
        ("kubeletEndpoint", 372),
    ]),
    // 421
    List(366),
    // 422: io.k8s.api.core.v1.NodeSystemInfo
    Object(&[
        ("architecture", 0), ("bootID", 0), ("containerRuntimeVersion", 0), ("kernelVersion", 0),
        ("kubeProxyVersion", 0), ("kubeletVersion", 0), ("machineID", 0), ("operatingSystem", 0),
        ("osImage", 0), ("systemUUID", 0),
    ]),
    // 423
    List(349),
    // 424: io.k8s.api.core.v1.NodeList
    Object(&[
        ("apiVersion", 0), ("items", 425), ("kind", 0), ("metadata", 21),
    ]),
    // 425
    List(409),
    // 426: io.k8s.api.core.v1.PersistentVolume
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 427), ("status", 432),
    ]),
    // 427: io.k8s.api.core.v1.PersistentVolumeSpec
    Object(&[
        ("accessModes", 2), ("awsElasticBlockStore", 119), ("azureDisk", 120), ("azureFile", 350),
        ("capacity", 8), ("cephfs", 354), ("cinder", 355), ("claimRef", 311), ("csi", 352), ("fc", 136),
        ("flexVolume", 387), ("flocker", 138), ("gcePersistentDisk", 139), ("glusterfs", 388),
        ("hostPath", 142), ("iscsi", 389), ("local", 401), ("mountOptions", 2), ("nfs", 144),
        ("nodeAffinity", 428), ("persistentVolumeReclaimPolicy", 0), ("photonPersistentDisk", 146),
        ("portworxVolume", 147), ("quobyte", 155), ("rbd", 429), ("scaleIO", 430), ("storageClassName", 0),
        ("storageos", 431), ("volumeMode", 0), ("vsphereVolume", 160),
    ]),
    // 428: io.k8s.api.core.v1.VolumeNodeAffinity
    Object(&[
        ("required", 58),
    ]),
    // 429: io.k8s.api.core.v1.RBDPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("image", 0), ("keyring", 0), ("monitors", 2), ("pool", 0), ("readOnly", 0),
        ("secretRef", 353), ("user", 0),
    ]),
    // 430: io.k8s.api.core.v1.ScaleIOPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("gateway", 0), ("protectionDomain", 0), ("readOnly", 0), ("secretRef", 353),
        ("sslEnabled", 0), ("storageMode", 0), ("storagePool", 0), ("system", 0), ("volumeName", 0),
    ]),
    // 431: io.k8s.api.core.v1.StorageOSPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 311), ("volumeName", 0), ("volumeNamespace", 0),
    ]),
    // 432: io.k8s.api.core.v1.PersistentVolumeStatus
    Object(&[
        ("message", 0), ("phase", 0), ("reason", 0),
    ]),
    // 433: io.k8s.api.core.v1.PersistentVolumeClaimList
    Object(&[
        ("apiVersion", 0), ("items", 197), ("kind", 0), ("metadata", 21),
    ]),
    // 434: io.k8s.api.core.v1.PersistentVolumeList
    Object(&[
        ("apiVersion", 0), ("items", 435), ("kind", 0), ("metadata", 21),
    ]),
    // 435
    List(426),
    // 436: io.k8s.api.core.v1.Pod
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 50), ("status", 437),
    ]),
    // 437: io.k8s.api.core.v1.PodStatus
    Object(&[
        ("conditions", 439), ("containerStatuses", 440), ("ephemeralContainerStatuses", 440), ("hostIP", 0),
        ("initContainerStatuses", 440), ("message", 0), ("nominatedNodeName", 0), ("phase", 0), ("podIP", 0),
        ("podIPs", 442), ("qosClass", 0), ("reason", 0), ("startTime", 0),
    ]),
    // 438: io.k8s.api.core.v1.PodCondition
    Object(&[
        ("lastProbeTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 439
    MergeList(438, &["type"]),
    // 440
    List(371),
    // 441: io.k8s.api.core.v1.PodIP
    Object(&[
        ("ip", 0),
    ]),
    // 442
    MergeList(441, &["ip"]),
    // 443: io.k8s.api.core.v1.PodList
    Object(&[
        ("apiVersion", 0), ("items", 444), ("kind", 0), ("metadata", 21),
    ]),
    // 444
    List(436),
    // 445: io.k8s.api.core.v1.PodTemplate
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("template", 49),
    ]),
    // 446: io.k8s.api.core.v1.PodTemplateList
    Object(&[
        ("apiVersion", 0), ("items", 447), ("kind", 0), ("metadata", 21),
    ]),
    // 447
    List(445),
    // 448: io.k8s.api.core.v1.ReplicationController
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 449), ("status", 450),
    ]),
    // 449: io.k8s.api.core.v1.ReplicationControllerSpec
    Object(&[
        ("minReadySeconds", 0), ("replicas", 0), ("selector", 8), ("template", 49),
    ]),
    // 450: io.k8s.api.core.v1.ReplicationControllerStatus
    Object(&[
        ("availableReplicas", 0), ("conditions", 452), ("fullyLabeledReplicas", 0),
        ("observedGeneration", 0), ("readyReplicas", 0), ("replicas", 0),
    ]),
    // 451: io.k8s.api.core.v1.ReplicationControllerCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 452
    MergeList(451, &["type"]),
    // 453: io.k8s.api.core.v1.ReplicationControllerList
    Object(&[
        ("apiVersion", 0), ("items", 454), ("kind", 0), ("metadata", 21),
    ]),
    // 454
    List(448),
    // 455: io.k8s.api.core.v1.ResourceQuota
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 456), ("status", 460),
    ]),
    // 456: io.k8s.api.core.v1.ResourceQuotaSpec
    Object(&[
        ("hard", 8), ("scopeSelector", 457), ("scopes", 2),
    ]),
    // 457: io.k8s.api.core.v1.ScopeSelector
    Object(&[
        ("matchExpressions", 459),
    ]),
    // 458: io.k8s.api.core.v1.ScopedResourceSelectorRequirement
    Object(&[
        ("operator", 0), ("scopeName", 0), ("values", 2),
    ]),
    // 459
    List(458),
    // 460: io.k8s.api.core.v1.ResourceQuotaStatus
    Object(&[
        ("hard", 8), ("used", 8),
    ]),
    // 461: io.k8s.api.core.v1.ResourceQuotaList
    Object(&[
        ("apiVersion", 0), ("items", 462), ("kind", 0), ("metadata", 21),
    ]),
    // 462
    List(455),
    // 463: io.k8s.api.core.v1.Secret
    Object(&[
        ("apiVersion", 0), ("data", 8), ("immutable", 0), ("kind", 0), ("metadata", 12), ("stringData", 8),
        ("type", 0),
    ]),
    // 464: io.k8s.api.core.v1.SecretList
    Object(&[
        ("apiVersion", 0), ("items", 465), ("kind", 0), ("metadata", 21),
    ]),
    // 465
    List(463),
    // 466: io.k8s.api.core.v1.Service
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 467), ("status", 471),
    ]),
    // 467: io.k8s.api.core.v1.ServiceSpec
    Object(&[
        ("allocateLoadBalancerNodePorts", 0), ("clusterIP", 0), ("clusterIPs", 2), ("externalIPs", 2),
        ("externalName", 0), ("externalTrafficPolicy", 0), ("healthCheckNodePort", 0),
        ("internalTrafficPolicy", 0), ("ipFamilies", 2), ("ipFamilyPolicy", 0), ("loadBalancerClass", 0),
        ("loadBalancerIP", 0), ("loadBalancerSourceRanges", 2), ("ports", 469),
        ("publishNotReadyAddresses", 0), ("selector", 8), ("sessionAffinity", 0),
        ("sessionAffinityConfig", 470), ("topologyKeys", 2), ("type", 0),
    ]),
    // 468: io.k8s.api.core.v1.ServicePort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("nodePort", 0), ("port", 0), ("protocol", 0), ("targetPort", 0),
    ]),
    // 469
    MergeList(468, &["port", "protocol"]),
    // 470: io.k8s.api.core.v1.SessionAffinityConfig
    Object(&[
        ("clientIP", 356),
    ]),
    // 471: io.k8s.api.core.v1.ServiceStatus
    Object(&[
        ("conditions", 473), ("loadBalancer", 399),
    ]),
    // 472: io.k8s.apimachinery.pkg.apis.meta.v1.Condition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("observedGeneration", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 473
    MergeList(472, &["type"]),
    // 474: io.k8s.api.core.v1.ServiceAccount
    Object(&[
        ("apiVersion", 0), ("automountServiceAccountToken", 0), ("imagePullSecrets", 475), ("kind", 0),
        ("metadata", 12), ("secrets", 476),
    ]),
    // 475
    List(107),
    // 476
    MergeList(311, &["name"]),
    // 477: io.k8s.api.core.v1.ServiceAccountList
    Object(&[
        ("apiVersion", 0), ("items", 478), ("kind", 0), ("metadata", 21),
    ]),
    // 478
    List(474),
    // 479: io.k8s.api.core.v1.ServiceList
    Object(&[
        ("apiVersion", 0), ("items", 480), ("kind", 0), ("metadata", 21),
    ]),
    // 480
    List(466),
    // 481: io.k8s.api.core.v1.TopologySelectorLabelRequirement
    Object(&[
        ("key", 0), ("values", 2),
    ]),
    // 482: io.k8s.api.core.v1.TopologySelectorTerm
    Object(&[
        ("matchLabelExpressions", 483),
    ]),
    // 483
    List(481),
    // 484: io.k8s.api.discovery.v1.Endpoint
    Object(&[
        ("addresses", 2), ("conditions", 485), ("deprecatedTopology", 8), ("hints", 486), ("hostname", 0),
        ("nodeName", 0), ("targetRef", 311), ("zone", 0),
    ]),
    // 485: io.k8s.api.discovery.v1.EndpointConditions
    Object(&[
        ("ready", 0), ("serving", 0), ("terminating", 0),
    ]),
    // 486: io.k8s.api.discovery.v1.EndpointHints
    Object(&[
        ("forZones", 488),
    ]),
    // 487: io.k8s.api.discovery.v1.ForZone
    Object(&[
        ("name", 0),
    ]),
    // 488
    List(487),
    // 489: io.k8s.api.discovery.v1.EndpointPort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("port", 0), ("protocol", 0),
    ]),
    // 490: io.k8s.api.discovery.v1.EndpointSlice
    Object(&[
        ("addressType", 0), ("apiVersion", 0), ("endpoints", 491), ("kind", 0), ("metadata", 12),
        ("ports", 492),
    ]),
    // 491
    List(484),
    // 492
    List(489),
    // 493: io.k8s.api.discovery.v1.EndpointSliceList
    Object(&[
        ("apiVersion", 0), ("items", 494), ("kind", 0), ("metadata", 21),
    ]),
    // 494
    List(490),
    // 495: io.k8s.api.discovery.v1beta1.Endpoint
    Object(&[
        ("addresses", 2), ("conditions", 496), ("hints", 497), ("hostname", 0), ("nodeName", 0),
        ("targetRef", 311), ("topology", 8),
    ]),
    // 496: io.k8s.api.discovery.v1beta1.EndpointConditions
    Object(&[
        ("ready", 0), ("serving", 0), ("terminating", 0),
    ]),
    // 497: io.k8s.api.discovery.v1beta1.EndpointHints
    Object(&[
        ("forZones", 499),
    ]),
    // 498: io.k8s.api.discovery.v1beta1.ForZone
    Object(&[
        ("name", 0),
    ]),
    // 499
    List(498),
    // 500: io.k8s.api.discovery.v1beta1.EndpointPort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("port", 0), ("protocol", 0),
    ]),
    // 501: io.k8s.api.discovery.v1beta1.EndpointSlice
    Object(&[
        ("addressType", 0), ("apiVersion", 0), ("endpoints", 502), ("kind", 0), ("metadata", 12),
        ("ports", 503),
    ]),
    // 502
    List(495),
    // 503
    List(500),
    // 504: io.k8s.api.discovery.v1beta1.EndpointSliceList
    Object(&[
        ("apiVersion", 0), ("items", 505), ("kind", 0), ("metadata", 21),
    ]),
    // 505
    List(501),
    // 506: io.k8s.api.events.v1.Event
    Object(&[
        ("action", 0), ("apiVersion", 0), ("deprecatedCount", 0), ("deprecatedFirstTimestamp", 0),
        ("deprecatedLastTimestamp", 0), ("deprecatedSource", 384), ("eventTime", 0), ("kind", 0),
        ("metadata", 12), ("note", 0), ("reason", 0), ("regarding", 311), ("related", 311),
        ("reportingController", 0), ("reportingInstance", 0), ("series", 507), ("type", 0),
    ]),
    // 507: io.k8s.api.events.v1.EventSeries
    Object(&[
        ("count", 0), ("lastObservedTime", 0),
    ]),
    // 508: io.k8s.api.events.v1.EventList
    Object(&[
        ("apiVersion", 0), ("items", 509), ("kind", 0), ("metadata", 21),
    ]),
    // 509
    List(506),
    // 510: io.k8s.api.events.v1beta1.Event
    Object(&[
        ("action", 0), ("apiVersion", 0), ("deprecatedCount", 0), ("deprecatedFirstTimestamp", 0),
        ("deprecatedLastTimestamp", 0), ("deprecatedSource", 384), ("eventTime", 0), ("kind", 0),
        ("metadata", 12), ("note", 0), ("reason", 0), ("regarding", 311), ("related", 311),
        ("reportingController", 0), ("reportingInstance", 0), ("series", 511), ("type", 0),
    ]),
    // 511: io.k8s.api.events.v1beta1.EventSeries
    Object(&[
        ("count", 0), ("lastObservedTime", 0),
    ]),
    // 512: io.k8s.api.events.v1beta1.EventList
    Object(&[
        ("apiVersion", 0), ("items", 513), ("kind", 0), ("metadata", 21),
    ]),
    // 513
    List(510),
    // 514: io.k8s.api.extensions.v1beta1.HTTPIngressPath
    Object(&[
        ("backend", 515), ("path", 0), ("pathType", 0),
    ]),
    // 515: io.k8s.api.extensions.v1beta1.IngressBackend
    Object(&[
        ("resource", 135), ("serviceName", 0), ("servicePort", 0),
    ]),
    // 516: io.k8s.api.extensions.v1beta1.HTTPIngressRuleValue
    Object(&[
        ("paths", 517),
    ]),
    // 517
    List(514),
    // 518: io.k8s.api.extensions.v1beta1.Ingress
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 519), ("status", 524),
    ]),
    // 519: io.k8s.api.extensions.v1beta1.IngressSpec
    Object(&[
        ("backend", 515), ("ingressClassName", 0), ("rules", 521), ("tls", 523),
    ]),
    // 520: io.k8s.api.extensions.v1beta1.IngressRule
    Object(&[
        ("host", 0), ("http", 516),
    ]),
    // 521
    List(520),
    // 522: io.k8s.api.extensions.v1beta1.IngressTLS
    Object(&[
        ("hosts", 2), ("secretName", 0),
    ]),
    // 523
    List(522),
    // 524: io.k8s.api.extensions.v1beta1.IngressStatus
    Object(&[
        ("loadBalancer", 399),
    ]),
    // 525: io.k8s.api.extensions.v1beta1.IngressList
    Object(&[
        ("apiVersion", 0), ("items", 526), ("kind", 0), ("metadata", 21),
    ]),
    // 526
    List(518),
    // 527: io.k8s.api.flowcontrol.v1beta1.FlowDistinguisherMethod
    Object(&[
        ("type", 0),
    ]),
    // 528: io.k8s.api.flowcontrol.v1beta1.FlowSchema
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 529), ("status", 542),
    ]),
    // 529: io.k8s.api.flowcontrol.v1beta1.FlowSchemaSpec
    Object(&[
        ("distinguisherMethod", 527), ("matchingPrecedence", 0), ("priorityLevelConfiguration", 530),
        ("rules", 541),
    ]),
    // 530: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationReference
    Object(&[
        ("name", 0),
    ]),
    // 531: io.k8s.api.flowcontrol.v1beta1.PolicyRulesWithSubjects
    Object(&[
        ("nonResourceRules", 533), ("resourceRules", 535), ("subjects", 540),
    ]),
    // 532: io.k8s.api.flowcontrol.v1beta1.NonResourcePolicyRule
    Object(&[
        ("nonResourceURLs", 2), ("verbs", 2),
    ]),
    // 533
    List(532),
    // 534: io.k8s.api.flowcontrol.v1beta1.ResourcePolicyRule
    Object(&[
        ("apiGroups", 2), ("clusterScope", 0), ("namespaces", 2), ("resources", 2), ("verbs", 2),
    ]),
    // 535
    List(534),
    // 536: io.k8s.api.flowcontrol.v1beta1.Subject
    Object(&[
        ("group", 537), ("kind", 0), ("serviceAccount", 538), ("user", 539),
    ]),
    // 537: io.k8s.api.flowcontrol.v1beta1.GroupSubject
    Object(&[
        ("name", 0),
    ]),
    // 538: io.k8s.api.flowcontrol.v1beta1.ServiceAccountSubject
    Object(&[
        ("name", 0), ("namespace", 0),
    ]),
    // 539: io.k8s.api.flowcontrol.v1beta1.UserSubject
    Object(&[
        ("name", 0),
    ]),
    // 540
    List(536),
    // 541
    List(531),
    // 542: io.k8s.api.flowcontrol.v1beta1.FlowSchemaStatus
    Object(&[
        ("conditions", 544),
    ]),
    // 543: io.k8s.api.flowcontrol.v1beta1.FlowSchemaCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 544
    List(543),
    // 545: io.k8s.api.flowcontrol.v1beta1.FlowSchemaList
    Object(&[
        ("apiVersion", 0), ("items", 546), ("kind", 0), ("metadata", 21),
    ]),
    // 546
    List(528),
    // 547: io.k8s.api.flowcontrol.v1beta1.LimitResponse
    Object(&[
        ("queuing", 548), ("type", 0),
    ]),
    // 548: io.k8s.api.flowcontrol.v1beta1.QueuingConfiguration
    Object(&[
        ("handSize", 0), ("queueLengthLimit", 0), ("queues", 0),
    ]),
    // 549: io.k8s.api.flowcontrol.v1beta1.LimitedPriorityLevelConfiguration
    Object(&[
        ("assuredConcurrencyShares", 0), ("limitResponse", 547),
    ]),
    // 550: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 551), ("status", 552),
    ]),
    // 551: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationSpec
    Object(&[
        ("limited", 549), ("type", 0),
    ]),
    // 552: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationStatus
    Object(&[
        ("conditions", 554),
    ]),
    // 553: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 554
    List(553),
    // 555: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 556), ("kind", 0), ("metadata", 21),
    ]),
    // 556
    List(550),
    // 557: io.k8s.api.networking.v1.HTTPIngressPath
    Object(&[
        ("backend", 558), ("path", 0), ("pathType", 0),
    ]),
    // 558: io.k8s.api.networking.v1.IngressBackend
    Object(&[
        ("resource", 135), ("service", 559),
    ]),
    // 559: io.k8s.api.networking.v1.IngressServiceBackend
    Object(&[
        ("name", 0), ("port", 560),
    ]),
    // 560: io.k8s.api.networking.v1.ServiceBackendPort
    Object(&[
        ("name", 0), ("number", 0),
    ]),
    // 561: io.k8s.api.networking.v1.HTTPIngressRuleValue
    Object(&[
        ("paths", 562),
    ]),
    // 562
    List(557),
    // 563: io.k8s.api.networking.v1.IPBlock
    Object(&[
        ("cidr", 0), ("except", 2),
    ]),
    // 564: io.k8s.api.networking.v1.Ingress
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 565), ("status", 570),
    ]),
    // 565: io.k8s.api.networking.v1.IngressSpec
    Object(&[
        ("defaultBackend", 558), ("ingressClassName", 0), ("rules", 567), ("tls", 569),
    ]),
    // 566: io.k8s.api.networking.v1.IngressRule
    Object(&[
        ("host", 0), ("http", 561),
    ]),
    // 567
    List(566),
    // 568: io.k8s.api.networking.v1.IngressTLS
    Object(&[
        ("hosts", 2), ("secretName", 0),
    ]),
    // 569
    List(568),
    // 570: io.k8s.api.networking.v1.IngressStatus
    Object(&[
        ("loadBalancer", 399),
    ]),
    // 571: io.k8s.api.networking.v1.IngressClass
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 572),
    ]),
    // 572: io.k8s.api.networking.v1.IngressClassSpec
    Object(&[
        ("controller", 0), ("parameters", 573),
    ]),
    // 573: io.k8s.api.networking.v1.IngressClassParametersReference
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0), ("scope", 0),
    ]),
    // 574: io.k8s.api.networking.v1.IngressClassList
    Object(&[
        ("apiVersion", 0), ("items", 575), ("kind", 0), ("metadata", 21),
    ]),
    // 575
    List(571),
    // 576: io.k8s.api.networking.v1.IngressList
    Object(&[
        ("apiVersion", 0), ("items", 577), ("kind", 0), ("metadata", 21),
    ]),
    // 577
    List(564),
    // 578: io.k8s.api.networking.v1.NetworkPolicy
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 579),
    ]),
    // 579: io.k8s.api.networking.v1.NetworkPolicySpec
    Object(&[
        ("egress", 585), ("ingress", 587), ("podSelector", 5), ("policyTypes", 2),
    ]),
    // 580: io.k8s.api.networking.v1.NetworkPolicyEgressRule
    Object(&[
        ("ports", 582), ("to", 584),
    ]),
    // 581: io.k8s.api.networking.v1.NetworkPolicyPort
    Object(&[
        ("endPort", 0), ("port", 0), ("protocol", 0),
    ]),
    // 582
    List(581),
    // 583: io.k8s.api.networking.v1.NetworkPolicyPeer
    Object(&[
        ("ipBlock", 563), ("namespaceSelector", 5), ("podSelector", 5),
    ]),
    // 584
    List(583),
    // 585
    List(580),
    // 586: io.k8s.api.networking.v1.NetworkPolicyIngressRule
    Object(&[
        ("from", 584), ("ports", 582),
    ]),
    // 587
    List(586),
    // 588: io.k8s.api.networking.v1.NetworkPolicyList
    Object(&[
        ("apiVersion", 0), ("items", 589), ("kind", 0), ("metadata", 21),
    ]),
    // 589
    List(578),
    // 590: io.k8s.api.networking.v1beta1.HTTPIngressPath
    Object(&[
        ("backend", 591), ("path", 0), ("pathType", 0),
    ]),
    // 591: io.k8s.api.networking.v1beta1.IngressBackend
    Object(&[
        ("resource", 135), ("serviceName", 0), ("servicePort", 0),
    ]),
    // 592: io.k8s.api.networking.v1beta1.HTTPIngressRuleValue
    Object(&[
        ("paths", 593),
    ]),
    // 593
    List(590),
    // 594: io.k8s.api.networking.v1beta1.Ingress
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 595), ("status", 600),
    ]),
    // 595: io.k8s.api.networking.v1beta1.IngressSpec
    Object(&[
        ("backend", 591), ("ingressClassName", 0), ("rules", 597), ("tls", 599),
    ]),
    // 596: io.k8s.api.networking.v1beta1.IngressRule
    Object(&[
        ("host", 0), ("http", 592),
    ]),
    // 597
    List(596),
    // 598: io.k8s.api.networking.v1beta1.IngressTLS
    Object(&[
        ("hosts", 2), ("secretName", 0),
    ]),
    // 599
    List(598),
    // 600: io.k8s.api.networking.v1beta1.IngressStatus
    Object(&[
        ("loadBalancer", 399),
    ]),
    // 601: io.k8s.api.networking.v1beta1.IngressClass
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 602),
    ]),
    // 602: io.k8s.api.networking.v1beta1.IngressClassSpec
    Object(&[
        ("controller", 0), ("parameters", 603),
    ]),
    // 603: io.k8s.api.networking.v1beta1.IngressClassParametersReference
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0), ("scope", 0),
    ]),
    // 604: io.k8s.api.networking.v1beta1.IngressClassList
    Object(&[
        ("apiVersion", 0), ("items", 605), ("kind", 0), ("metadata", 21),
    ]),
    // 605
    List(601),
    // 606: io.k8s.api.networking.v1beta1.IngressList
    Object(&[
        ("apiVersion", 0), ("items", 607), ("kind", 0), ("metadata", 21),
    ]),
    // 607
    List(594),
    // 608: io.k8s.api.node.v1.Overhead
    Object(&[
        ("podFixed", 8),
    ]),
    // 609: io.k8s.api.node.v1.RuntimeClass
    Object(&[
        ("apiVersion", 0), ("handler", 0), ("kind", 0), ("metadata", 12), ("overhead", 608),
        ("scheduling", 610),
    ]),
    // 610: io.k8s.api.node.v1.Scheduling
    Object(&[
        ("nodeSelector", 8), ("tolerations", 115),
    ]),
    // 611: io.k8s.api.node.v1.RuntimeClassList
    Object(&[
        ("apiVersion", 0), ("items", 612), ("kind", 0), ("metadata", 21),
    ]),
    // 612
    List(609),
    // 613: io.k8s.api.node.v1beta1.Overhead
    Object(&[
        ("podFixed", 8),
    ]),
    // 614: io.k8s.api.node.v1beta1.RuntimeClass
    Object(&[
        ("apiVersion", 0), ("handler", 0), ("kind", 0), ("metadata", 12), ("overhead", 613),
        ("scheduling", 615),
    ]),
    // 615: io.k8s.api.node.v1beta1.Scheduling
    Object(&[
        ("nodeSelector", 8), ("tolerations", 115),
    ]),
    // 616: io.k8s.api.node.v1beta1.RuntimeClassList
    Object(&[
        ("apiVersion", 0), ("items", 617), ("kind", 0), ("metadata", 21),
    ]),
    // 617
    List(614),
    // 618: io.k8s.api.policy.v1.PodDisruptionBudget
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 619), ("status", 620),
    ]),
    // 619: io.k8s.api.policy.v1.PodDisruptionBudgetSpec
    Object(&[
        ("maxUnavailable", 0), ("minAvailable", 0), ("selector", 5),
    ]),
    // 620: io.k8s.api.policy.v1.PodDisruptionBudgetStatus
    Object(&[
        ("conditions", 473), ("currentHealthy", 0), ("desiredHealthy", 0), ("disruptedPods", 8),
        ("disruptionsAllowed", 0), ("expectedPods", 0), ("observedGeneration", 0),
    ]),
    // 621: io.k8s.api.policy.v1.PodDisruptionBudgetList
    Object(&[
        ("apiVersion", 0), ("items", 622), ("kind", 0), ("metadata", 21),
    ]),
    // 622
    List(618),
    // 623: io.k8s.api.policy.v1beta1.AllowedCSIDriver
    Object(&[
        ("name", 0),
    ]),
    // 624: io.k8s.api.policy.v1beta1.AllowedFlexVolume
    Object(&[
        ("driver", 0),
    ]),
    // 625: io.k8s.api.policy.v1beta1.AllowedHostPath
    Object(&[
        ("pathPrefix", 0), ("readOnly", 0),
    ]),
    // 626: io.k8s.api.policy.v1beta1.Eviction
    Object(&[
        ("apiVersion", 0), ("deleteOptions", 627), ("kind", 0), ("metadata", 12),
    ]),
    // 627: io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions
    Object(&[
        ("apiVersion", 0), ("dryRun", 2), ("gracePeriodSeconds", 0), ("kind", 0), ("orphanDependents", 0),
        ("preconditions", 628), ("propagationPolicy", 0),
    ]),
    // 628: io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions
    Object(&[
        ("resourceVersion", 0), ("uid", 0),
    ]),
    // 629: io.k8s.api.policy.v1beta1.FSGroupStrategyOptions
    Object(&[
        ("ranges", 631), ("rule", 0),
    ]),
    // 630: io.k8s.api.policy.v1beta1.IDRange
    Object(&[
        ("max", 0), ("min", 0),
    ]),
    // 631
    List(630),
    // 632: io.k8s.api.policy.v1beta1.HostPortRange
    Object(&[
        ("max", 0), ("min", 0),
    ]),
    // 633: io.k8s.api.policy.v1beta1.PodDisruptionBudget
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 634), ("status", 635),
    ]),
    // 634: io.k8s.api.policy.v1beta1.PodDisruptionBudgetSpec
    Object(&[
        ("maxUnavailable", 0), ("minAvailable", 0), ("selector", 5),
    ]),
    // 635: io.k8s.api.policy.v1beta1.PodDisruptionBudgetStatus
    Object(&[
        ("conditions", 473), ("currentHealthy", 0), ("desiredHealthy", 0), ("disruptedPods", 8),
        ("disruptionsAllowed", 0), ("expectedPods", 0), ("observedGeneration", 0),
    ]),
    // 636: io.k8s.api.policy.v1beta1.PodDisruptionBudgetList
    Object(&[
        ("apiVersion", 0), ("items", 637), ("kind", 0), ("metadata", 21),
    ]),
    // 637
    List(633),
    // 638: io.k8s.api.policy.v1beta1.PodSecurityPolicy
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 639),
    ]),
    // 639: io.k8s.api.policy.v1beta1.PodSecurityPolicySpec
    Object(&[
        ("allowPrivilegeEscalation", 0), ("allowedCSIDrivers", 640), ("allowedCapabilities", 2),
        ("allowedFlexVolumes", 641), ("allowedHostPaths", 642), ("allowedProcMountTypes", 2),
        ("allowedUnsafeSysctls", 2), ("defaultAddCapabilities", 2), ("defaultAllowPrivilegeEscalation", 0),
        ("forbiddenSysctls", 2), ("fsGroup", 629), ("hostIPC", 0), ("hostNetwork", 0), ("hostPID", 0),
        ("hostPorts", 643), ("privileged", 0), ("readOnlyRootFilesystem", 0),
        ("requiredDropCapabilities", 2), ("runAsGroup", 644), ("runAsUser", 645), ("runtimeClass", 646),
        ("seLinux", 647), ("supplementalGroups", 648), ("volumes", 2),
    ]),
    // 640
    List(623),
    // 641
    List(624),
    // 642
    List(625),
    // 643
    List(632),
    // 644: io.k8s.api.policy.v1beta1.RunAsGroupStrategyOptions
    Object(&[
        ("ranges", 631), ("rule", 0),
    ]),
    // 645: io.k8s.api.policy.v1beta1.RunAsUserStrategyOptions
    Object(&[
        ("ranges", 631), ("rule", 0),
    ]),
    // 646: io.k8s.api.policy.v1beta1.RuntimeClassStrategyOptions
    Object(&[
        ("allowedRuntimeClassNames", 2), ("defaultRuntimeClassName", 0),
    ]),
    // 647: io.k8s.api.policy.v1beta1.SELinuxStrategyOptions
    Object(&[
        ("rule", 0), ("seLinuxOptions", 91),
    ]),
    // 648: io.k8s.api.policy.v1beta1.SupplementalGroupsStrategyOptions
    Object(&[
        ("ranges", 631), ("rule", 0),
    ]),
    // 649: io.k8s.api.policy.v1beta1.PodSecurityPolicyList
    Object(&[
        ("apiVersion", 0), ("items", 650), ("kind", 0), ("metadata", 21),
    ]),
    // 650
    List(638),
    // 651: io.k8s.api.rbac.v1.AggregationRule
    Object(&[
        ("clusterRoleSelectors", 652),
    ]),
    // 652
    List(5),
    // 653: io.k8s.api.rbac.v1.ClusterRole
    Object(&[
        ("aggregationRule", 651), ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("rules", 655),
    ]),
    // 654: io.k8s.api.rbac.v1.PolicyRule
    Object(&[
        ("apiGroups", 2), ("nonResourceURLs", 2), ("resourceNames", 2), ("resources", 2), ("verbs", 2),
    ]),
    // 655
    List(654),
    // 656: io.k8s.api.rbac.v1.ClusterRoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("roleRef", 657), ("subjects", 659),
    ]),
    // 657: io.k8s.api.rbac.v1.RoleRef
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0),
    ]),
    // 658: io.k8s.api.rbac.v1.Subject
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0),
    ]),
    // 659
    List(658),
    // 660: io.k8s.api.rbac.v1.ClusterRoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 661), ("kind", 0), ("metadata", 21),
    ]),
    // 661
    List(656),
    // 662: io.k8s.api.rbac.v1.ClusterRoleList
    Object(&[
        ("apiVersion", 0), ("items", 663), ("kind", 0), ("metadata", 21),
    ]),
    // 663
    List(653),
    // 664: io.k8s.api.rbac.v1.Role
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("rules", 655),
    ]),
    // 665: io.k8s.api.rbac.v1.RoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("roleRef", 657), ("subjects", 659),
    ]),
    // 666: io.k8s.api.rbac.v1.RoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 667), ("kind", 0), ("metadata", 21),
    ]),
    // 667
    List(665),
    // 668: io.k8s.api.rbac.v1.RoleList
    Object(&[
        ("apiVersion", 0), ("items", 669), ("kind", 0), ("metadata", 21),
    ]),
    // 669
    List(664),
    // 670: io.k8s.api.rbac.v1beta1.AggregationRule
    Object(&[
        ("clusterRoleSelectors", 652),
    ]),
    // 671: io.k8s.api.rbac.v1beta1.ClusterRole
    Object(&[
        ("aggregationRule", 670), ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("rules", 673),
    ]),
    // 672: io.k8s.api.rbac.v1beta1.PolicyRule
    Object(&[
        ("apiGroups", 2), ("nonResourceURLs", 2), ("resourceNames", 2), ("resources", 2), ("verbs", 2),
    ]),
    // 673
    List(672),
    // 674: io.k8s.api.rbac.v1beta1.ClusterRoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("roleRef", 675), ("subjects", 677),
    ]),
    // 675: io.k8s.api.rbac.v1beta1.RoleRef
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0),
    ]),
    // 676: io.k8s.api.rbac.v1beta1.Subject
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0),
    ]),
    // 677
    List(676),
    // 678: io.k8s.api.rbac.v1beta1.ClusterRoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 679), ("kind", 0), ("metadata", 21),
    ]),
    // 679
    List(674),
    // 680: io.k8s.api.rbac.v1beta1.ClusterRoleList
    Object(&[
        ("apiVersion", 0), ("items", 681), ("kind", 0), ("metadata", 21),
    ]),
    // 681
    List(671),
    // 682: io.k8s.api.rbac.v1beta1.Role
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("rules", 673),
    ]),
    // 683: io.k8s.api.rbac.v1beta1.RoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("roleRef", 675), ("subjects", 677),
    ]),
    // 684: io.k8s.api.rbac.v1beta1.RoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 685), ("kind", 0), ("metadata", 21),
    ]),
    // 685
    List(683),
    // 686: io.k8s.api.rbac.v1beta1.RoleList
    Object(&[
        ("apiVersion", 0), ("items", 687), ("kind", 0), ("metadata", 21),
    ]),
    // 687
    List(682),
    // 688: io.k8s.api.scheduling.v1.PriorityClass
    Object(&[
        ("apiVersion", 0), ("description", 0), ("globalDefault", 0), ("kind", 0), ("metadata", 12),
        ("preemptionPolicy", 0), ("value", 0),
    ]),
    // 689: io.k8s.api.scheduling.v1.PriorityClassList
    Object(&[
        ("apiVersion", 0), ("items", 690), ("kind", 0), ("metadata", 21),
    ]),
    // 690
    List(688),
    // 691: io.k8s.api.scheduling.v1beta1.PriorityClass
    Object(&[
        ("apiVersion", 0), ("description", 0), ("globalDefault", 0), ("kind", 0), ("metadata", 12),
        ("preemptionPolicy", 0), ("value", 0),
    ]),
    // 692: io.k8s.api.scheduling.v1beta1.PriorityClassList
    Object(&[
        ("apiVersion", 0), ("items", 693), ("kind", 0), ("metadata", 21),
    ]),
    // 693
    List(691),
    // 694: io.k8s.api.storage.v1.CSIDriver
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 695),
    ]),
    // 695: io.k8s.api.storage.v1.CSIDriverSpec
    Object(&[
        ("attachRequired", 0), ("fsGroupPolicy", 0), ("podInfoOnMount", 0), ("requiresRepublish", 0),
        ("storageCapacity", 0), ("tokenRequests", 697), ("volumeLifecycleModes", 2),
    ]),
    // 696: io.k8s.api.storage.v1.TokenRequest
    Object(&[
        ("audience", 0), ("expirationSeconds", 0),
    ]),
    // 697
    List(696),
    // 698: io.k8s.api.storage.v1.CSIDriverList
    Object(&[
        ("apiVersion", 0), ("items", 699), ("kind", 0), ("metadata", 21),
    ]),
    // 699
    List(694),
    // 700: io.k8s.api.storage.v1.CSINode
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 701),
    ]),
    // 701: io.k8s.api.storage.v1.CSINodeSpec
    Object(&[
        ("drivers", 704),
    ]),
    // 702: io.k8s.api.storage.v1.CSINodeDriver
    Object(&[
        ("allocatable", 703), ("name", 0), ("nodeID", 0), ("topologyKeys", 2),
    ]),
    // 703: io.k8s.api.storage.v1.VolumeNodeResources
    Object(&[
        ("count", 0),
    ]),
    // 704
    MergeList(702, &["name"]),
    // 705: io.k8s.api.storage.v1.CSINodeList
    Object(&[
        ("apiVersion", 0), ("items", 706), ("kind", 0), ("metadata", 21),
    ]),
    // 706
    List(700),
    // 707: io.k8s.api.storage.v1.StorageClass
    Object(&[
        ("allowVolumeExpansion", 0), ("allowedTopologies", 708), ("apiVersion", 0), ("kind", 0),
        ("metadata", 12), ("mountOptions", 2), ("parameters", 8), ("provisioner", 0), ("reclaimPolicy", 0),
        ("volumeBindingMode", 0),
    ]),
    // 708
    List(482),
    // 709: io.k8s.api.storage.v1.StorageClassList
    Object(&[
        ("apiVersion", 0), ("items", 710), ("kind", 0), ("metadata", 21),
    ]),
    // 710
    List(707),
    // 711: io.k8s.api.storage.v1.VolumeAttachment
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 712), ("status", 714),
    ]),
    // 712: io.k8s.api.storage.v1.VolumeAttachmentSpec
    Object(&[
        ("attacher", 0), ("nodeName", 0), ("source", 713),
    ]),
    // 713: io.k8s.api.storage.v1.VolumeAttachmentSource
    Object(&[
        ("inlineVolumeSpec", 427), ("persistentVolumeName", 0),
    ]),
    // 714: io.k8s.api.storage.v1.VolumeAttachmentStatus
    Object(&[
        ("attachError", 715), ("attached", 0), ("attachmentMetadata", 8), ("detachError", 715),
    ]),
    // 715: io.k8s.api.storage.v1.VolumeError
    Object(&[
        ("message", 0), ("time", 0),
    ]),
    // 716: io.k8s.api.storage.v1.VolumeAttachmentList
    Object(&[
        ("apiVersion", 0), ("items", 717), ("kind", 0), ("metadata", 21),
    ]),
    // 717
    List(711),
    // 718: io.k8s.api.storage.v1beta1.CSIDriver
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 719),
    ]),
    // 719: io.k8s.api.storage.v1beta1.CSIDriverSpec
    Object(&[
        ("attachRequired", 0), ("fsGroupPolicy", 0), ("podInfoOnMount", 0), ("requiresRepublish", 0),
        ("storageCapacity", 0), ("tokenRequests", 721), ("volumeLifecycleModes", 2),
    ]),
    // 720: io.k8s.api.storage.v1beta1.TokenRequest
    Object(&[
        ("audience", 0), ("expirationSeconds", 0),
    ]),
    // 721
    List(720),
    // 722: io.k8s.api.storage.v1beta1.CSIDriverList
    Object(&[
        ("apiVersion", 0), ("items", 723), ("kind", 0), ("metadata", 21),
    ]),
    // 723
    List(718),
    // 724: io.k8s.api.storage.v1beta1.CSINode
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 725),
    ]),
    // 725: io.k8s.api.storage.v1beta1.CSINodeSpec
    Object(&[
        ("drivers", 728),
    ]),
    // 726: io.k8s.api.storage.v1beta1.CSINodeDriver
    Object(&[
        ("allocatable", 727), ("name", 0), ("nodeID", 0), ("topologyKeys", 2),
    ]),
    // 727: io.k8s.api.storage.v1beta1.VolumeNodeResources
    Object(&[
        ("count", 0),
    ]),
    // 728
    MergeList(726, &["name"]),
    // 729: io.k8s.api.storage.v1beta1.CSINodeList
    Object(&[
        ("apiVersion", 0), ("items", 730), ("kind", 0), ("metadata", 21),
    ]),
    // 730
    List(724),
    // 731: io.k8s.api.storage.v1beta1.CSIStorageCapacity
    Object(&[
        ("apiVersion", 0), ("capacity", 0), ("kind", 0), ("maximumVolumeSize", 0), ("metadata", 12),
        ("nodeTopology", 5), ("storageClassName", 0),
    ]),
    // 732: io.k8s.api.storage.v1beta1.CSIStorageCapacityList
    Object(&[
        ("apiVersion", 0), ("items", 733), ("kind", 0), ("metadata", 21),
    ]),
    // 733
    List(731),
    // 734: io.k8s.api.storage.v1beta1.StorageClass
    Object(&[
        ("allowVolumeExpansion", 0), ("allowedTopologies", 708), ("apiVersion", 0), ("kind", 0),
        ("metadata", 12), ("mountOptions", 2), ("parameters", 8), ("provisioner", 0), ("reclaimPolicy", 0),
        ("volumeBindingMode", 0),
    ]),
    // 735: io.k8s.api.storage.v1beta1.StorageClassList
    Object(&[
        ("apiVersion", 0), ("items", 736), ("kind", 0), ("metadata", 21),
    ]),
    // 736
    List(734),
    // 737: io.k8s.api.storage.v1beta1.VolumeAttachment
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 738), ("status", 740),
    ]),
    // 738: io.k8s.api.storage.v1beta1.VolumeAttachmentSpec
    Object(&[
        ("attacher", 0), ("nodeName", 0), ("source", 739),
    ]),
    // 739: io.k8s.api.storage.v1beta1.VolumeAttachmentSource
    Object(&[
        ("inlineVolumeSpec", 427), ("persistentVolumeName", 0),
    ]),
    // 740: io.k8s.api.storage.v1beta1.VolumeAttachmentStatus
    Object(&[
        ("attachError", 741), ("attached", 0), ("attachmentMetadata", 8), ("detachError", 741),
    ]),
    // 741: io.k8s.api.storage.v1beta1.VolumeError
    Object(&[
        ("message", 0), ("time", 0),
    ]),
    // 742: io.k8s.api.storage.v1beta1.VolumeAttachmentList
    Object(&[
        ("apiVersion", 0), ("items", 743), ("kind", 0), ("metadata", 21),
    ]),
    // 743
    List(737),
    // 744: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition
    Object(&[
        ("description", 0), ("format", 0), ("jsonPath", 0), ("name", 0), ("priority", 0), ("type", 0),
    ]),
    // 745: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion
    Object(&[
        ("strategy", 0), ("webhook", 746),
    ]),
    // 746: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion
    Object(&[
        ("clientConfig", 747), ("conversionReviewVersions", 2),
    ]),
    // 747: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 748), ("url", 0),
    ]),
    // 748: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 749: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 750), ("status", 762),
    ]),
    // 750: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec
    Object(&[
        ("conversion", 745), ("group", 0), ("names", 751), ("preserveUnknownFields", 0), ("scope", 0),
        ("versions", 761),
    ]),
    // 751: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames
    Object(&[
        ("categories", 2), ("kind", 0), ("listKind", 0), ("plural", 0), ("shortNames", 2), ("singular", 0),
    ]),
    // 752: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion
    Object(&[
        ("additionalPrinterColumns", 753), ("deprecated", 0), ("deprecationWarning", 0), ("name", 0),
        ("schema", 754), ("served", 0), ("storage", 0), ("subresources", 759),
    ]),
    // 753
    List(744),
    // 754: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation
    Object(&[
        ("openAPIV3Schema", 755),
    ]),
    // 755: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps
    Object(&[
        ("$ref", 0), ("$schema", 0), ("additionalItems", 0), ("additionalProperties", 0), ("allOf", 756),
        ("anyOf", 756), ("default", 0), ("definitions", 757), ("dependencies", 8), ("description", 0),
        ("enum", 2), ("example", 0), ("exclusiveMaximum", 0), ("exclusiveMinimum", 0), ("externalDocs", 758),
        ("format", 0), ("id", 0), ("items", 0), ("maxItems", 0), ("maxLength", 0), ("maxProperties", 0),
        ("maximum", 0), ("minItems", 0), ("minLength", 0), ("minProperties", 0), ("minimum", 0),
        ("multipleOf", 0), ("not", 755), ("nullable", 0), ("oneOf", 756), ("pattern", 0),
        ("patternProperties", 757), ("properties", 757), ("required", 2), ("title", 0), ("type", 0),
        ("uniqueItems", 0), ("x-kubernetes-embedded-resource", 0), ("x-kubernetes-int-or-string", 0),
        ("x-kubernetes-list-map-keys", 2), ("x-kubernetes-list-type", 0), ("x-kubernetes-map-type", 0),
        ("x-kubernetes-preserve-unknown-fields", 0),
    ]),
    // 756
    List(755),
    // 757
    Map(755),
    // 758: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation
    Object(&[
        ("description", 0), ("url", 0),
    ]),
    // 759: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources
    Object(&[
        ("scale", 760), ("status", 0),
    ]),
    // 760: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale
    Object(&[
        ("labelSelectorPath", 0), ("specReplicasPath", 0), ("statusReplicasPath", 0),
    ]),
    // 761
    List(752),
    // 762: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus
    Object(&[
        ("acceptedNames", 751), ("conditions", 764), ("storedVersions", 2),
    ]),
    // 763: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 764
    List(763),
    // 765: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList
    Object(&[
        ("apiVersion", 0), ("items", 766), ("kind", 0), ("metadata", 21),
    ]),
    // 766
    List(749),
    // 767: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceColumnDefinition
    Object(&[
        ("JSONPath", 0), ("description", 0), ("format", 0), ("name", 0), ("priority", 0), ("type", 0),
    ]),
    // 768: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceConversion
    Object(&[
        ("conversionReviewVersions", 2), ("strategy", 0), ("webhookClientConfig", 769),
    ]),
    // 769: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 770), ("url", 0),
    ]),
    // 770: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 771: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 772), ("status", 784),
    ]),
    // 772: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionSpec
    Object(&[
        ("additionalPrinterColumns", 773), ("conversion", 768), ("group", 0), ("names", 774),
        ("preserveUnknownFields", 0), ("scope", 0), ("subresources", 775), ("validation", 777),
        ("version", 0), ("versions", 783),
    ]),
    // 773
    List(767),
    // 774: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionNames
    Object(&[
        ("categories", 2), ("kind", 0), ("listKind", 0), ("plural", 0), ("shortNames", 2), ("singular", 0),
    ]),
    // 775: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceSubresources
    Object(&[
        ("scale", 776), ("status", 0),
    ]),
    // 776: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceSubresourceScale
    Object(&[
        ("labelSelectorPath", 0), ("specReplicasPath", 0), ("statusReplicasPath", 0),
    ]),
    // 777: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceValidation
    Object(&[
        ("openAPIV3Schema", 778),
    ]),
    // 778: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.JSONSchemaProps
    Object(&[
        ("$ref", 0), ("$schema", 0), ("additionalItems", 0), ("additionalProperties", 0), ("allOf", 779),
        ("anyOf", 779), ("default", 0), ("definitions", 780), ("dependencies", 8), ("description", 0),
        ("enum", 2), ("example", 0), ("exclusiveMaximum", 0), ("exclusiveMinimum", 0), ("externalDocs", 781),
        ("format", 0), ("id", 0), ("items", 0), ("maxItems", 0), ("maxLength", 0), ("maxProperties", 0),
        ("maximum", 0), ("minItems", 0), ("minLength", 0), ("minProperties", 0), ("minimum", 0),
        ("multipleOf", 0), ("not", 778), ("nullable", 0), ("oneOf", 779), ("pattern", 0),
        ("patternProperties", 780), ("properties", 780), ("required", 2), ("title", 0), ("type", 0),
        ("uniqueItems", 0), ("x-kubernetes-embedded-resource", 0), ("x-kubernetes-int-or-string", 0),
        ("x-kubernetes-list-map-keys", 2), ("x-kubernetes-list-type", 0), ("x-kubernetes-map-type", 0),
        ("x-kubernetes-preserve-unknown-fields", 0),
    ]),
    // 779
    List(778),
    // 780
    Map(778),
    // 781: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.ExternalDocumentation
    Object(&[
        ("description", 0), ("url", 0),
    ]),
    // 782: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionVersion
    Object(&[
        ("additionalPrinterColumns", 773), ("deprecated", 0), ("deprecationWarning", 0), ("name", 0),
        ("schema", 777), ("served", 0), ("storage", 0), ("subresources", 775),
    ]),
    // 783
    List(782),
    // 784: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionStatus
    Object(&[
        ("acceptedNames", 774), ("conditions", 786), ("storedVersions", 2),
    ]),
    // 785: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 786
    List(785),
    // 787: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionList
    Object(&[
        ("apiVersion", 0), ("items", 788), ("kind", 0), ("metadata", 21),
    ]),
    // 788
    List(771),
    // 789: io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0), ("preferredVersion", 790),
        ("serverAddressByClientCIDRs", 792), ("versions", 793),
    ]),
    // 790: io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery
    Object(&[
        ("groupVersion", 0), ("version", 0),
    ]),
    // 791: io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR
    Object(&[
        ("clientCIDR", 0), ("serverAddress", 0),
    ]),
    // 792
    List(791),
    // 793
    List(790),
    // 794: io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList
    Object(&[
        ("apiVersion", 0), ("groups", 795), ("kind", 0),
    ]),
    // 795
    List(789),
    // 796: io.k8s.apimachinery.pkg.apis.meta.v1.APIResource
    Object(&[
        ("categories", 2), ("group", 0), ("kind", 0), ("name", 0), ("namespaced", 0), ("shortNames", 2),
        ("singularName", 0), ("storageVersionHash", 0), ("verbs", 2), ("version", 0),
    ]),
    // 797: io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList
    Object(&[
        ("apiVersion", 0), ("groupVersion", 0), ("kind", 0), ("resources", 798),
    ]),
    // 798
    List(796),
    // 799: io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("serverAddressByClientCIDRs", 792), ("versions", 2),
    ]),
    // 800: io.k8s.apimachinery.pkg.apis.meta.v1.Status
    Object(&[
        ("apiVersion", 0), ("code", 0), ("details", 801), ("kind", 0), ("message", 0), ("metadata", 21),
        ("reason", 0), ("status", 0),
    ]),
    // 801: io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails
    Object(&[
        ("causes", 803), ("group", 0), ("kind", 0), ("name", 0), ("retryAfterSeconds", 0), ("uid", 0),
    ]),
    // 802: io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause
    Object(&[
        ("field", 0), ("message", 0), ("reason", 0),
    ]),
    // 803
    List(802),
    // 804: io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent
    Object(&[
        ("object", 0), ("type", 0),
    ]),
    // 805: io.k8s.apimachinery.pkg.version.Info
    Object(&[
        ("buildDate", 0), ("compiler", 0), ("gitCommit", 0), ("gitTreeState", 0), ("gitVersion", 0),
        ("goVersion", 0), ("major", 0), ("minor", 0), ("platform", 0),
    ]),
    // 806: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 807), ("status", 809),
    ]),
    // 807: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec
    Object(&[
        ("caBundle", 0), ("group", 0), ("groupPriorityMinimum", 0), ("insecureSkipTLSVerify", 0),
        ("service", 808), ("version", 0), ("versionPriority", 0),
    ]),
    // 808: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("port", 0),
    ]),
    // 809: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus
    Object(&[
        ("conditions", 811),
    ]),
    // 810: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 811
    MergeList(810, &["type"]),
    // 812: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList
    Object(&[
        ("apiVersion", 0), ("items", 813), ("kind", 0), ("metadata", 21),
    ]),
    // 813
    List(806),
    // 814: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIService
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 12), ("spec", 815), ("status", 817),
    ]),
    // 815: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceSpec
    Object(&[
        ("caBundle", 0), ("group", 0), ("groupPriorityMinimum", 0), ("insecureSkipTLSVerify", 0),
        ("service", 816), ("version", 0), ("versionPriority", 0),
    ]),
    // 816: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("port", 0),
    ]),
    // 817: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceStatus
    Object(&[
        ("conditions", 819),
    ]),
    // 818: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 819
    MergeList(818, &["type"]),
    // 820: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceList
    Object(&[
        ("apiVersion", 0), ("items", 821), ("kind", 0), ("metadata", 21),
    ]),
    // 821
    List(814),
];

/// The type of each definition by package and name, sorted.
#[rustfmt::skip]
pub(super) static DEFINITIONS: &[(&str, &[(&str, u16)])] = &[
    ("io.k8s.api.admissionregistration.v1", &[
        ("MutatingWebhook", 1), ("MutatingWebhookConfiguration", 11),
        ("MutatingWebhookConfigurationList", 19), ("RuleWithOperations", 9), ("ServiceReference", 4),
        ("ValidatingWebhook", 22), ("ValidatingWebhookConfiguration", 23),
        ("ValidatingWebhookConfigurationList", 25), ("WebhookClientConfig", 3),
    ]),
    ("io.k8s.api.admissionregistration.v1beta1", &[
        ("MutatingWebhook", 27), ("MutatingWebhookConfiguration", 32),
        ("MutatingWebhookConfigurationList", 34), ("RuleWithOperations", 30), ("ServiceReference", 29),
        ("ValidatingWebhook", 36), ("ValidatingWebhookConfiguration", 37),
        ("ValidatingWebhookConfigurationList", 39), ("WebhookClientConfig", 28),
    ]),
    ("io.k8s.api.apps.v1", &[
        ("ConfigMapArgs", 41), ("ControllerRevision", 44), ("ControllerRevisionList", 45), ("DaemonSet", 47),
        ("DaemonSetCondition", 165), ("DaemonSetList", 167), ("DaemonSetSpec", 48), ("DaemonSetStatus", 164),
        ("DaemonSetUpdateStrategy", 162), ("Deployment", 169), ("DeploymentCondition", 174),
        ("DeploymentList", 176), ("DeploymentSpec", 170), ("DeploymentStatus", 173),
        ("DeploymentStrategy", 171), ("GeneratorArgs", 42), ("Kustomization", 178), ("KvPairSources", 43),
        ("ReplicaSet", 182), ("ReplicaSetCondition", 185), ("ReplicaSetList", 187), ("ReplicaSetSpec", 183),
        ("ReplicaSetStatus", 184), ("RollingUpdateDaemonSet", 163), ("RollingUpdateDeployment", 172),
        ("RollingUpdateStatefulSetStrategy", 189), ("SecretArgs", 180), ("StatefulSet", 190),
        ("StatefulSetCondition", 199), ("StatefulSetList", 201), ("StatefulSetSpec", 191),
        ("StatefulSetStatus", 198), ("StatefulSetUpdateStrategy", 192),
    ]),
    ("io.k8s.api.authentication.v1", &[
        ("BoundObjectReference", 203), ("TokenRequest", 204), ("TokenRequestSpec", 205),
        ("TokenRequestStatus", 206), ("TokenReview", 207), ("TokenReviewSpec", 208),
        ("TokenReviewStatus", 209), ("UserInfo", 210),
    ]),
    ("io.k8s.api.authentication.v1beta1", &[
        ("TokenReview", 212), ("TokenReviewSpec", 213), ("TokenReviewStatus", 214), ("UserInfo", 215),
    ]),
    ("io.k8s.api.authorization.v1", &[
        ("LocalSubjectAccessReview", 216), ("NonResourceAttributes", 218), ("NonResourceRule", 221),
        ("ResourceAttributes", 219), ("ResourceRule", 222), ("SelfSubjectAccessReview", 223),
        ("SelfSubjectAccessReviewSpec", 224), ("SelfSubjectRulesReview", 225),
        ("SelfSubjectRulesReviewSpec", 226), ("SubjectAccessReview", 230), ("SubjectAccessReviewSpec", 217),
        ("SubjectAccessReviewStatus", 220), ("SubjectRulesReviewStatus", 227),
    ]),
    ("io.k8s.api.authorization.v1beta1", &[
        ("LocalSubjectAccessReview", 231), ("NonResourceAttributes", 233), ("NonResourceRule", 236),
        ("ResourceAttributes", 234), ("ResourceRule", 237), ("SelfSubjectAccessReview", 238),
        ("SelfSubjectAccessReviewSpec", 239), ("SelfSubjectRulesReview", 240),
        ("SelfSubjectRulesReviewSpec", 241), ("SubjectAccessReview", 245), ("SubjectAccessReviewSpec", 232),
        ("SubjectAccessReviewStatus", 235), ("SubjectRulesReviewStatus", 242),
    ]),
    ("io.k8s.api.autoscaling.v1", &[
        ("CrossVersionObjectReference", 246), ("HorizontalPodAutoscaler", 247),
        ("HorizontalPodAutoscalerList", 250), ("HorizontalPodAutoscalerSpec", 248),
        ("HorizontalPodAutoscalerStatus", 249), ("Scale", 252), ("ScaleSpec", 253), ("ScaleStatus", 254),
    ]),
    ("io.k8s.api.autoscaling.v2beta1", &[
        ("ContainerResourceMetricSource", 255), ("ContainerResourceMetricStatus", 256),
        ("CrossVersionObjectReference", 257), ("ExternalMetricSource", 258), ("ExternalMetricStatus", 259),
        ("HorizontalPodAutoscaler", 260), ("HorizontalPodAutoscalerCondition", 268),
        ("HorizontalPodAutoscalerList", 275), ("HorizontalPodAutoscalerSpec", 261),
        ("HorizontalPodAutoscalerStatus", 267), ("MetricSpec", 262), ("MetricStatus", 270),
        ("ObjectMetricSource", 263), ("ObjectMetricStatus", 271), ("PodsMetricSource", 264),
        ("PodsMetricStatus", 272), ("ResourceMetricSource", 265), ("ResourceMetricStatus", 273),
    ]),
    ("io.k8s.api.autoscaling.v2beta2", &[
        ("ContainerResourceMetricSource", 277), ("ContainerResourceMetricStatus", 279),
        ("CrossVersionObjectReference", 281), ("ExternalMetricSource", 282), ("ExternalMetricStatus", 284),
        ("HPAScalingPolicy", 285), ("HPAScalingRules", 286), ("HorizontalPodAutoscaler", 288),
        ("HorizontalPodAutoscalerBehavior", 290), ("HorizontalPodAutoscalerCondition", 297),
        ("HorizontalPodAutoscalerList", 304), ("HorizontalPodAutoscalerSpec", 289),
        ("HorizontalPodAutoscalerStatus", 296), ("MetricIdentifier", 283), ("MetricSpec", 291),
        ("MetricStatus", 299), ("MetricTarget", 278), ("MetricValueStatus", 280),
        ("ObjectMetricSource", 292), ("ObjectMetricStatus", 300), ("PodsMetricSource", 293),
        ("PodsMetricStatus", 301), ("ResourceMetricSource", 294), ("ResourceMetricStatus", 302),
    ]),
    ("io.k8s.api.batch.v1", &[
        ("CronJob", 306), ("CronJobList", 313), ("CronJobSpec", 307), ("CronJobStatus", 310), ("Job", 315),
        ("JobCondition", 317), ("JobList", 319), ("JobSpec", 309), ("JobStatus", 316),
        ("JobTemplateSpec", 308),
    ]),
    ("io.k8s.api.batch.v1beta1", &[
        ("CronJob", 321), ("CronJobList", 325), ("CronJobSpec", 322), ("CronJobStatus", 324),
        ("JobTemplateSpec", 323),
    ]),
    ("io.k8s.api.certificates.v1", &[
        ("CertificateSigningRequest", 327), ("CertificateSigningRequestCondition", 330),
        ("CertificateSigningRequestList", 332), ("CertificateSigningRequestSpec", 328),
        ("CertificateSigningRequestStatus", 329),
    ]),
    ("io.k8s.api.certificates.v1beta1", &[
        ("CertificateSigningRequest", 334), ("CertificateSigningRequestCondition", 337),
        ("CertificateSigningRequestList", 339), ("CertificateSigningRequestSpec", 335),
        ("CertificateSigningRequestStatus", 336),
    ]),
    ("io.k8s.api.coordination.v1", &[
        ("Lease", 341), ("LeaseList", 343), ("LeaseSpec", 342),
    ]),
    ("io.k8s.api.coordination.v1beta1", &[
        ("Lease", 345), ("LeaseList", 347), ("LeaseSpec", 346),
    ]),
    ("io.k8s.api.core.v1", &[
        ("AWSElasticBlockStoreVolumeSource", 119), ("Affinity", 51), ("AttachedVolume", 349),
        ("AzureDiskVolumeSource", 120), ("AzureFilePersistentVolumeSource", 350),
        ("AzureFileVolumeSource", 121), ("Binding", 351), ("CSIPersistentVolumeSource", 352),
        ("CSIVolumeSource", 127), ("Capabilities", 90), ("CephFSPersistentVolumeSource", 354),
        ("CephFSVolumeSource", 122), ("CinderPersistentVolumeSource", 355), ("CinderVolumeSource", 123),
        ("ClientIPConfig", 356), ("ComponentCondition", 357), ("ComponentStatus", 358),
        ("ComponentStatusList", 360), ("ConfigMap", 362), ("ConfigMapEnvSource", 75),
        ("ConfigMapKeySelector", 69), ("ConfigMapList", 363), ("ConfigMapNodeConfigSource", 365),
        ("ConfigMapProjection", 150), ("ConfigMapVolumeSource", 124), ("Container", 66),
        ("ContainerImage", 366), ("ContainerPort", 86), ("ContainerState", 367),
        ("ContainerStateRunning", 368), ("ContainerStateTerminated", 369), ("ContainerStateWaiting", 370),
        ("ContainerStatus", 371), ("DaemonEndpoint", 372), ("DownwardAPIProjection", 151),
        ("DownwardAPIVolumeFile", 129), ("DownwardAPIVolumeSource", 128), ("EmptyDirVolumeSource", 131),
        ("EndpointAddress", 373), ("EndpointPort", 374), ("EndpointSubset", 375), ("Endpoints", 378),
        ("EndpointsList", 380), ("EnvFromSource", 74), ("EnvVar", 67), ("EnvVarSource", 68),
        ("EphemeralContainer", 102), ("EphemeralVolumeSource", 132), ("Event", 382), ("EventList", 385),
        ("EventSeries", 383), ("EventSource", 384), ("ExecAction", 80), ("FCVolumeSource", 136),
        ("FlexPersistentVolumeSource", 387), ("FlexVolumeSource", 137), ("FlockerVolumeSource", 138),
        ("GCEPersistentDiskVolumeSource", 139), ("GitRepoVolumeSource", 140),
        ("GlusterfsPersistentVolumeSource", 388), ("GlusterfsVolumeSource", 141), ("HTTPGetAction", 81),
        ("HTTPHeader", 82), ("Handler", 79), ("HostAlias", 105), ("HostPathVolumeSource", 142),
        ("ISCSIPersistentVolumeSource", 389), ("ISCSIVolumeSource", 143), ("KeyToPath", 125),
        ("Lifecycle", 78), ("LimitRange", 390), ("LimitRangeItem", 392), ("LimitRangeList", 394),
        ("LimitRangeSpec", 391), ("LoadBalancerIngress", 396), ("LoadBalancerStatus", 399),
        ("LocalObjectReference", 107), ("LocalVolumeSource", 401), ("NFSVolumeSource", 144),
        ("Namespace", 402), ("NamespaceCondition", 405), ("NamespaceList", 407), ("NamespaceSpec", 403),
        ("NamespaceStatus", 404), ("Node", 409), ("NodeAddress", 415), ("NodeAffinity", 52),
        ("NodeCondition", 417), ("NodeConfigSource", 411), ("NodeConfigStatus", 419),
        ("NodeDaemonEndpoints", 420), ("NodeList", 424), ("NodeSelector", 58),
        ("NodeSelectorRequirement", 55), ("NodeSelectorTerm", 54), ("NodeSpec", 410), ("NodeStatus", 414),
        ("NodeSystemInfo", 422), ("ObjectFieldSelector", 70), ("ObjectReference", 311),
        ("PersistentVolume", 426), ("PersistentVolumeClaim", 193), ("PersistentVolumeClaimCondition", 195),
        ("PersistentVolumeClaimList", 433), ("PersistentVolumeClaimSpec", 134),
        ("PersistentVolumeClaimStatus", 194), ("PersistentVolumeClaimTemplate", 133),
        ("PersistentVolumeClaimVolumeSource", 145), ("PersistentVolumeList", 434),
        ("PersistentVolumeSpec", 427), ("PersistentVolumeStatus", 432),
        ("PhotonPersistentDiskVolumeSource", 146), ("Pod", 436), ("PodAffinity", 60),
        ("PodAffinityTerm", 62), ("PodAntiAffinity", 65), ("PodCondition", 438), ("PodDNSConfig", 99),
        ("PodDNSConfigOption", 100), ("PodIP", 441), ("PodList", 443), ("PodReadinessGate", 109),
        ("PodSecurityContext", 111), ("PodSpec", 50), ("PodStatus", 437), ("PodTemplate", 445),
        ("PodTemplateList", 446), ("PodTemplateSpec", 49), ("PortStatus", 397),
        ("PortworxVolumeSource", 147), ("PreferredSchedulingTerm", 53), ("Probe", 85),
        ("ProjectedVolumeSource", 148), ("QuobyteVolumeSource", 155), ("RBDPersistentVolumeSource", 429),
        ("RBDVolumeSource", 156), ("ReplicationController", 448), ("ReplicationControllerCondition", 451),
        ("ReplicationControllerList", 453), ("ReplicationControllerSpec", 449),
        ("ReplicationControllerStatus", 450), ("ResourceFieldSelector", 71), ("ResourceQuota", 455),
        ("ResourceQuotaList", 461), ("ResourceQuotaSpec", 456), ("ResourceQuotaStatus", 460),
        ("ResourceRequirements", 88), ("SELinuxOptions", 91), ("ScaleIOPersistentVolumeSource", 430),
        ("ScaleIOVolumeSource", 157), ("ScopeSelector", 457), ("ScopedResourceSelectorRequirement", 458),
        ("SeccompProfile", 92), ("Secret", 463), ("SecretEnvSource", 76), ("SecretKeySelector", 72),
        ("SecretList", 464), ("SecretProjection", 152), ("SecretReference", 353),
        ("SecretVolumeSource", 158), ("SecurityContext", 89), ("Service", 466), ("ServiceAccount", 474),
        ("ServiceAccountList", 477), ("ServiceAccountTokenProjection", 153), ("ServiceList", 479),
        ("ServicePort", 468), ("ServiceSpec", 467), ("ServiceStatus", 471), ("SessionAffinityConfig", 470),
        ("StorageOSPersistentVolumeSource", 431), ("StorageOSVolumeSource", 159), ("Sysctl", 112),
        ("TCPSocketAction", 84), ("Taint", 412), ("Toleration", 114),
        ("TopologySelectorLabelRequirement", 481), ("TopologySelectorTerm", 482),
        ("TopologySpreadConstraint", 116), ("TypedLocalObjectReference", 135), ("Volume", 118),
        ("VolumeDevice", 94), ("VolumeMount", 96), ("VolumeNodeAffinity", 428), ("VolumeProjection", 149),
        ("VsphereVirtualDiskVolumeSource", 160), ("WeightedPodAffinityTerm", 61),
        ("WindowsSecurityContextOptions", 93),
    ]),
    ("io.k8s.api.discovery.v1", &[
        ("Endpoint", 484), ("EndpointConditions", 485), ("EndpointHints", 486), ("EndpointPort", 489),
        ("EndpointSlice", 490), ("EndpointSliceList", 493), ("ForZone", 487),
    ]),
    ("io.k8s.api.discovery.v1beta1", &[
        ("Endpoint", 495), ("EndpointConditions", 496), ("EndpointHints", 497), ("EndpointPort", 500),
        ("EndpointSlice", 501), ("EndpointSliceList", 504), ("ForZone", 498),
    ]),
    ("io.k8s.api.events.v1", &[
        ("Event", 506), ("EventList", 508), ("EventSeries", 507),
    ]),
    ("io.k8s.api.events.v1beta1", &[
        ("Event", 510), ("EventList", 512), ("EventSeries", 511),
    ]),
    ("io.k8s.api.extensions.v1beta1", &[
        ("HTTPIngressPath", 514), ("HTTPIngressRuleValue", 516), ("Ingress", 518), ("IngressBackend", 515),
        ("IngressList", 525), ("IngressRule", 520), ("IngressSpec", 519), ("IngressStatus", 524),
        ("IngressTLS", 522),
    ]),
    ("io.k8s.api.flowcontrol.v1beta1", &[
        ("FlowDistinguisherMethod", 527), ("FlowSchema", 528), ("FlowSchemaCondition", 543),
        ("FlowSchemaList", 545), ("FlowSchemaSpec", 529), ("FlowSchemaStatus", 542), ("GroupSubject", 537),
        ("LimitResponse", 547), ("LimitedPriorityLevelConfiguration", 549), ("NonResourcePolicyRule", 532),
        ("PolicyRulesWithSubjects", 531), ("PriorityLevelConfiguration", 550),
        ("PriorityLevelConfigurationCondition", 553), ("PriorityLevelConfigurationList", 555),
        ("PriorityLevelConfigurationReference", 530), ("PriorityLevelConfigurationSpec", 551),
        ("PriorityLevelConfigurationStatus", 552), ("QueuingConfiguration", 548),
        ("ResourcePolicyRule", 534), ("ServiceAccountSubject", 538), ("Subject", 536), ("UserSubject", 539),
    ]),
    ("io.k8s.api.networking.v1", &[
        ("HTTPIngressPath", 557), ("HTTPIngressRuleValue", 561), ("IPBlock", 563), ("Ingress", 564),
        ("IngressBackend", 558), ("IngressClass", 571), ("IngressClassList", 574),
        ("IngressClassParametersReference", 573), ("IngressClassSpec", 572), ("IngressList", 576),
        ("IngressRule", 566), ("IngressServiceBackend", 559), ("IngressSpec", 565), ("IngressStatus", 570),
        ("IngressTLS", 568), ("NetworkPolicy", 578), ("NetworkPolicyEgressRule", 580),
        ("NetworkPolicyIngressRule", 586), ("NetworkPolicyList", 588), ("NetworkPolicyPeer", 583),
        ("NetworkPolicyPort", 581), ("NetworkPolicySpec", 579), ("ServiceBackendPort", 560),
    ]),
    ("io.k8s.api.networking.v1beta1", &[
        ("HTTPIngressPath", 590), ("HTTPIngressRuleValue", 592), ("Ingress", 594), ("IngressBackend", 591),
        ("IngressClass", 601), ("IngressClassList", 604), ("IngressClassParametersReference", 603),
        ("IngressClassSpec", 602), ("IngressList", 606), ("IngressRule", 596), ("IngressSpec", 595),
        ("IngressStatus", 600), ("IngressTLS", 598),
    ]),
    ("io.k8s.api.node.v1", &[
        ("Overhead", 608), ("RuntimeClass", 609), ("RuntimeClassList", 611), ("Scheduling", 610),
    ]),
    ("io.k8s.api.node.v1beta1", &[
        ("Overhead", 613), ("RuntimeClass", 614), ("RuntimeClassList", 616), ("Scheduling", 615),
    ]),
    ("io.k8s.api.policy.v1", &[
        ("PodDisruptionBudget", 618), ("PodDisruptionBudgetList", 621), ("PodDisruptionBudgetSpec", 619),
        ("PodDisruptionBudgetStatus", 620),
    ]),
    ("io.k8s.api.policy.v1beta1", &[
        ("AllowedCSIDriver", 623), ("AllowedFlexVolume", 624), ("AllowedHostPath", 625), ("Eviction", 626),
        ("FSGroupStrategyOptions", 629), ("HostPortRange", 632), ("IDRange", 630),
        ("PodDisruptionBudget", 633), ("PodDisruptionBudgetList", 636), ("PodDisruptionBudgetSpec", 634),
        ("PodDisruptionBudgetStatus", 635), ("PodSecurityPolicy", 638), ("PodSecurityPolicyList", 649),
        ("PodSecurityPolicySpec", 639), ("RunAsGroupStrategyOptions", 644),
        ("RunAsUserStrategyOptions", 645), ("RuntimeClassStrategyOptions", 646),
        ("SELinuxStrategyOptions", 647), ("SupplementalGroupsStrategyOptions", 648),
    ]),
    ("io.k8s.api.rbac.v1", &[
        ("AggregationRule", 651), ("ClusterRole", 653), ("ClusterRoleBinding", 656),
        ("ClusterRoleBindingList", 660), ("ClusterRoleList", 662), ("PolicyRule", 654), ("Role", 664),
        ("RoleBinding", 665), ("RoleBindingList", 666), ("RoleList", 668), ("RoleRef", 657),
        ("Subject", 658),
    ]),
    ("io.k8s.api.rbac.v1beta1", &[
        ("AggregationRule", 670), ("ClusterRole", 671), ("ClusterRoleBinding", 674),
        ("ClusterRoleBindingList", 678), ("ClusterRoleList", 680), ("PolicyRule", 672), ("Role", 682),
        ("RoleBinding", 683), ("RoleBindingList", 684), ("RoleList", 686), ("RoleRef", 675),
        ("Subject", 676),
    ]),
    ("io.k8s.api.scheduling.v1", &[
        ("PriorityClass", 688), ("PriorityClassList", 689),
    ]),
    ("io.k8s.api.scheduling.v1beta1", &[
        ("PriorityClass", 691), ("PriorityClassList", 692),
    ]),
    ("io.k8s.api.storage.v1", &[
        ("CSIDriver", 694), ("CSIDriverList", 698), ("CSIDriverSpec", 695), ("CSINode", 700),
        ("CSINodeDriver", 702), ("CSINodeList", 705), ("CSINodeSpec", 701), ("StorageClass", 707),
        ("StorageClassList", 709), ("TokenRequest", 696), ("VolumeAttachment", 711),
        ("VolumeAttachmentList", 716), ("VolumeAttachmentSource", 713), ("VolumeAttachmentSpec", 712),
        ("VolumeAttachmentStatus", 714), ("VolumeError", 715), ("VolumeNodeResources", 703),
    ]),
    ("io.k8s.api.storage.v1beta1", &[
        ("CSIDriver", 718), ("CSIDriverList", 722), ("CSIDriverSpec", 719), ("CSINode", 724),
        ("CSINodeDriver", 726), ("CSINodeList", 729), ("CSINodeSpec", 725), ("CSIStorageCapacity", 731),
        ("CSIStorageCapacityList", 732), ("StorageClass", 734), ("StorageClassList", 735),
        ("TokenRequest", 720), ("VolumeAttachment", 737), ("VolumeAttachmentList", 742),
        ("VolumeAttachmentSource", 739), ("VolumeAttachmentSpec", 738), ("VolumeAttachmentStatus", 740),
        ("VolumeError", 741), ("VolumeNodeResources", 727),
    ]),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1", &[
        ("CustomResourceColumnDefinition", 744), ("CustomResourceConversion", 745),
        ("CustomResourceDefinition", 749), ("CustomResourceDefinitionCondition", 763),
        ("CustomResourceDefinitionList", 765), ("CustomResourceDefinitionNames", 751),
        ("CustomResourceDefinitionSpec", 750), ("CustomResourceDefinitionStatus", 762),
        ("CustomResourceDefinitionVersion", 752), ("CustomResourceSubresourceScale", 760),
        ("CustomResourceSubresourceStatus", 0), ("CustomResourceSubresources", 759),
        ("CustomResourceValidation", 754), ("ExternalDocumentation", 758), ("JSON", 0),
        ("JSONSchemaProps", 755), ("JSONSchemaPropsOrArray", 0), ("JSONSchemaPropsOrBool", 0),
        ("JSONSchemaPropsOrStringArray", 0), ("ServiceReference", 748), ("WebhookClientConfig", 747),
        ("WebhookConversion", 746),
    ]),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1", &[
        ("CustomResourceColumnDefinition", 767), ("CustomResourceConversion", 768),
        ("CustomResourceDefinition", 771), ("CustomResourceDefinitionCondition", 785),
        ("CustomResourceDefinitionList", 787), ("CustomResourceDefinitionNames", 774),
        ("CustomResourceDefinitionSpec", 772), ("CustomResourceDefinitionStatus", 784),
        ("CustomResourceDefinitionVersion", 782), ("CustomResourceSubresourceScale", 776),
        ("CustomResourceSubresourceStatus", 0), ("CustomResourceSubresources", 775),
        ("CustomResourceValidation", 777), ("ExternalDocumentation", 781), ("JSON", 0),
        ("JSONSchemaProps", 778), ("JSONSchemaPropsOrArray", 0), ("JSONSchemaPropsOrBool", 0),
        ("JSONSchemaPropsOrStringArray", 0), ("ServiceReference", 770), ("WebhookClientConfig", 769),
    ]),
    ("io.k8s.apimachinery.pkg.api.resource", &[
        ("Quantity", 0),
    ]),
    ("io.k8s.apimachinery.pkg.apis.meta.v1", &[
        ("APIGroup", 789), ("APIGroupList", 794), ("APIResource", 796), ("APIResourceList", 797),
        ("APIVersions", 799), ("Condition", 472), ("DeleteOptions", 627), ("FieldsV1", 0),
        ("GroupVersionForDiscovery", 790), ("LabelSelector", 5), ("LabelSelectorRequirement", 6),
        ("ListMeta", 21), ("ManagedFieldsEntry", 14), ("MicroTime", 0), ("ObjectMeta", 12),
        ("OwnerReference", 16), ("Patch", 0), ("Preconditions", 628), ("ServerAddressByClientCIDR", 791),
        ("Status", 800), ("StatusCause", 802), ("StatusDetails", 801), ("Time", 0), ("WatchEvent", 804),
    ]),
    ("io.k8s.apimachinery.pkg.runtime", &[
        ("RawExtension", 0),
    ]),
    ("io.k8s.apimachinery.pkg.util.intstr", &[
        ("IntOrString", 0),
    ]),
    ("io.k8s.apimachinery.pkg.version", &[
        ("Info", 805),
    ]),
    ("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1", &[
        ("APIService", 806), ("APIServiceCondition", 810), ("APIServiceList", 812), ("APIServiceSpec", 807),
        ("APIServiceStatus", 809), ("ServiceReference", 808),
    ]),
    ("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1", &[
        ("APIService", 814), ("APIServiceCondition", 818), ("APIServiceList", 820), ("APIServiceSpec", 815),
        ("APIServiceStatus", 817), ("ServiceReference", 816),
    ]),
];

/// The type of each kind, sorted.
#[rustfmt::skip]
pub(super) static KINDS: &[(&str, &str, u16)] = &[
    ("admission.k8s.io/v1", "DeleteOptions", 627),
    ("admission.k8s.io/v1", "WatchEvent", 804),
    ("admission.k8s.io/v1beta1", "DeleteOptions", 627),
    ("admission.k8s.io/v1beta1", "WatchEvent", 804),
    ("admissionregistration.k8s.io/v1", "DeleteOptions", 627),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", 11),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfigurationList", 19),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", 23),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfigurationList", 25),
    ("admissionregistration.k8s.io/v1", "WatchEvent", 804),
    ("admissionregistration.k8s.io/v1beta1", "DeleteOptions", 627),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 32),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfigurationList", 34),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 37),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfigurationList", 39),
    ("admissionregistration.k8s.io/v1beta1", "WatchEvent", 804),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", 749),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinitionList", 765),
    ("apiextensions.k8s.io/v1", "DeleteOptions", 627),
    ("apiextensions.k8s.io/v1", "WatchEvent", 804),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 771),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinitionList", 787),
    ("apiextensions.k8s.io/v1beta1", "DeleteOptions", 627),
    ("apiextensions.k8s.io/v1beta1", "WatchEvent", 804),
    ("apiregistration.k8s.io/v1", "APIService", 806),
    ("apiregistration.k8s.io/v1", "APIServiceList", 812),
    ("apiregistration.k8s.io/v1", "DeleteOptions", 627),
    ("apiregistration.k8s.io/v1", "WatchEvent", 804),
    ("apiregistration.k8s.io/v1beta1", "APIService", 814),
    ("apiregistration.k8s.io/v1beta1", "APIServiceList", 820),
    ("apiregistration.k8s.io/v1beta1", "DeleteOptions", 627),
    ("apiregistration.k8s.io/v1beta1", "WatchEvent", 804),
    ("apps/v1", "ControllerRevision", 44),
    ("apps/v1", "ControllerRevisionList", 45),
    ("apps/v1", "DaemonSet", 47),
    ("apps/v1", "DaemonSetList", 167),
    ("apps/v1", "DeleteOptions", 627),
    ("apps/v1", "Deployment", 169),
    ("apps/v1", "DeploymentList", 176),
    ("apps/v1", "ReplicaSet", 182),
    ("apps/v1", "ReplicaSetList", 187),
    ("apps/v1", "StatefulSet", 190),
    ("apps/v1", "StatefulSetList", 201),
    ("apps/v1", "WatchEvent", 804),
    ("apps/v1beta1", "DeleteOptions", 627),
    ("apps/v1beta1", "WatchEvent", 804),
    ("apps/v1beta2", "DeleteOptions", 627),
    ("apps/v1beta2", "WatchEvent", 804),
    ("authentication.k8s.io/v1", "DeleteOptions", 627),
    ("authentication.k8s.io/v1", "TokenRequest", 204),
    ("authentication.k8s.io/v1", "TokenReview", 207),
    ("authentication.k8s.io/v1", "WatchEvent", 804),
    ("authentication.k8s.io/v1beta1", "DeleteOptions", 627),
    ("authentication.k8s.io/v1beta1", "TokenReview", 212),
    ("authentication.k8s.io/v1beta1", "WatchEvent", 804),
    ("authorization.k8s.io/v1", "DeleteOptions", 627),
    ("authorization.k8s.io/v1", "LocalSubjectAccessReview", 216),
    ("authorization.k8s.io/v1", "SelfSubjectAccessReview", 223),
    ("authorization.k8s.io/v1", "SelfSubjectRulesReview", 225),
    ("authorization.k8s.io/v1", "SubjectAccessReview", 230),
    ("authorization.k8s.io/v1", "WatchEvent", 804),
    ("authorization.k8s.io/v1beta1", "DeleteOptions", 627),
    ("authorization.k8s.io/v1beta1", "LocalSubjectAccessReview", 231),
    ("authorization.k8s.io/v1beta1", "SelfSubjectAccessReview", 238),
    ("authorization.k8s.io/v1beta1", "SelfSubjectRulesReview", 240),
    ("authorization.k8s.io/v1beta1", "SubjectAccessReview", 245),
    ("authorization.k8s.io/v1beta1", "WatchEvent", 804),
    ("autoscaling/v1", "DeleteOptions", 627),
    ("autoscaling/v1", "HorizontalPodAutoscaler", 247),
    ("autoscaling/v1", "HorizontalPodAutoscalerList", 250),
    ("autoscaling/v1", "Scale", 252),
    ("autoscaling/v1", "WatchEvent", 804),
    ("autoscaling/v2beta1", "DeleteOptions", 627),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 260),
    ("autoscaling/v2beta1", "HorizontalPodAutoscalerList", 275),
    ("autoscaling/v2beta1", "WatchEvent", 804),
    ("autoscaling/v2beta2", "DeleteOptions", 627),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 288),
    ("autoscaling/v2beta2", "HorizontalPodAutoscalerList", 304),
    ("autoscaling/v2beta2", "WatchEvent", 804),
    ("batch/v1", "CronJob", 306),
    ("batch/v1", "CronJobList", 313),
    ("batch/v1", "DeleteOptions", 627),
    ("batch/v1", "Job", 315),
    ("batch/v1", "JobList", 319),
    ("batch/v1", "WatchEvent", 804),
    ("batch/v1beta1", "CronJob", 321),
    ("batch/v1beta1", "CronJobList", 325),
    ("batch/v1beta1", "DeleteOptions", 627),
    ("batch/v1beta1", "WatchEvent", 804),
    ("certificates.k8s.io/v1", "CertificateSigningRequest", 327),
    ("certificates.k8s.io/v1", "CertificateSigningRequestList", 332),
    ("certificates.k8s.io/v1", "DeleteOptions", 627),
    ("certificates.k8s.io/v1", "WatchEvent", 804),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 334),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequestList", 339),
    ("certificates.k8s.io/v1beta1", "DeleteOptions", 627),
    ("certificates.k8s.io/v1beta1", "WatchEvent", 804),
    ("coordination.k8s.io/v1", "DeleteOptions", 627),
    ("coordination.k8s.io/v1", "Lease", 341),
    ("coordination.k8s.io/v1", "LeaseList", 343),
    ("coordination.k8s.io/v1", "WatchEvent", 804),
    ("coordination.k8s.io/v1beta1", "DeleteOptions", 627),
    ("coordination.k8s.io/v1beta1", "Lease", 345),
    ("coordination.k8s.io/v1beta1", "LeaseList", 347),
    ("coordination.k8s.io/v1beta1", "WatchEvent", 804),
    ("discovery.k8s.io/v1", "DeleteOptions", 627),
    ("discovery.k8s.io/v1", "EndpointSlice", 490),
    ("discovery.k8s.io/v1", "EndpointSliceList", 493),
    ("discovery.k8s.io/v1", "WatchEvent", 804),
    ("discovery.k8s.io/v1beta1", "DeleteOptions", 627),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", 501),
    ("discovery.k8s.io/v1beta1", "EndpointSliceList", 504),
    ("discovery.k8s.io/v1beta1", "WatchEvent", 804),
    ("events.k8s.io/v1", "DeleteOptions", 627),
    ("events.k8s.io/v1", "Event", 506),
    ("events.k8s.io/v1", "EventList", 508),
    ("events.k8s.io/v1", "WatchEvent", 804),
    ("events.k8s.io/v1beta1", "DeleteOptions", 627),
    ("events.k8s.io/v1beta1", "Event", 510),
    ("events.k8s.io/v1beta1", "EventList", 512),
    ("events.k8s.io/v1beta1", "WatchEvent", 804),
    ("extensions/v1beta1", "DeleteOptions", 627),
    ("extensions/v1beta1", "Ingress", 518),
    ("extensions/v1beta1", "IngressList", 525),
    ("extensions/v1beta1", "WatchEvent", 804),
    ("flowcontrol.apiserver.k8s.io/v1alpha1", "DeleteOptions", 627),
    ("flowcontrol.apiserver.k8s.io/v1alpha1", "WatchEvent", 804),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "DeleteOptions", 627),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", 528),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchemaList", 545),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", 550),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfigurationList", 555),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "WatchEvent", 804),
    ("imagepolicy.k8s.io/v1alpha1", "DeleteOptions", 627),
    ("imagepolicy.k8s.io/v1alpha1", "WatchEvent", 804),
    ("internal.apiserver.k8s.io/v1alpha1", "DeleteOptions", 627),
    ("internal.apiserver.k8s.io/v1alpha1", "WatchEvent", 804),
    ("kustomize.config.k8s.io/v1beta1", "ConfigMapArgs", 41),
    ("kustomize.config.k8s.io/v1beta1", "GeneratorArgs", 42),
    ("kustomize.config.k8s.io/v1beta1", "Kustomization", 178),
    ("kustomize.config.k8s.io/v1beta1", "KvPairSources", 43),
    ("kustomize.config.k8s.io/v1beta1", "SecretArgs", 180),
    ("networking.k8s.io/v1", "DeleteOptions", 627),
    ("networking.k8s.io/v1", "Ingress", 564),
    ("networking.k8s.io/v1", "IngressClass", 571),
    ("networking.k8s.io/v1", "IngressClassList", 574),
    ("networking.k8s.io/v1", "IngressList", 576),
    ("networking.k8s.io/v1", "NetworkPolicy", 578),
    ("networking.k8s.io/v1", "NetworkPolicyList", 588),
    ("networking.k8s.io/v1", "WatchEvent", 804),
    ("networking.k8s.io/v1beta1", "DeleteOptions", 627),
    ("networking.k8s.io/v1beta1", "Ingress", 594),
    ("networking.k8s.io/v1beta1", "IngressClass", 601),
    ("networking.k8s.io/v1beta1", "IngressClassList", 604),
    ("networking.k8s.io/v1beta1", "IngressList", 606),
    ("networking.k8s.io/v1beta1", "WatchEvent", 804),
    ("node.k8s.io/v1", "DeleteOptions", 627),
    ("node.k8s.io/v1", "RuntimeClass", 609),
    ("node.k8s.io/v1", "RuntimeClassList", 611),
    ("node.k8s.io/v1", "WatchEvent", 804),
    ("node.k8s.io/v1alpha1", "DeleteOptions", 627),
    ("node.k8s.io/v1alpha1", "WatchEvent", 804),
    ("node.k8s.io/v1beta1", "DeleteOptions", 627),
    ("node.k8s.io/v1beta1", "RuntimeClass", 614),
    ("node.k8s.io/v1beta1", "RuntimeClassList", 616),
    ("node.k8s.io/v1beta1", "WatchEvent", 804),
    ("policy/v1", "DeleteOptions", 627),
    ("policy/v1", "PodDisruptionBudget", 618),
    ("policy/v1", "PodDisruptionBudgetList", 621),
    ("policy/v1", "WatchEvent", 804),
    ("policy/v1beta1", "DeleteOptions", 627),
    ("policy/v1beta1", "Eviction", 626),
    ("policy/v1beta1", "PodDisruptionBudget", 633),
    ("policy/v1beta1", "PodDisruptionBudgetList", 636),
    ("policy/v1beta1", "PodSecurityPolicy", 638),
    ("policy/v1beta1", "PodSecurityPolicyList", 649),
    ("policy/v1beta1", "WatchEvent", 804),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", 653),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", 656),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBindingList", 660),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleList", 662),
    ("rbac.authorization.k8s.io/v1", "DeleteOptions", 627),
    ("rbac.authorization.k8s.io/v1", "Role", 664),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", 665),
    ("rbac.authorization.k8s.io/v1", "RoleBindingList", 666),
    ("rbac.authorization.k8s.io/v1", "RoleList", 668),
    ("rbac.authorization.k8s.io/v1", "WatchEvent", 804),
    ("rbac.authorization.k8s.io/v1alpha1", "DeleteOptions", 627),
    ("rbac.authorization.k8s.io/v1alpha1", "WatchEvent", 804),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", 671),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", 674),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBindingList", 678),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleList", 680),
    ("rbac.authorization.k8s.io/v1beta1", "DeleteOptions", 627),
    ("rbac.authorization.k8s.io/v1beta1", "Role", 682),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", 683),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBindingList", 684),
    ("rbac.authorization.k8s.io/v1beta1", "RoleList", 686),
    ("rbac.authorization.k8s.io/v1beta1", "WatchEvent", 804),
    ("scheduling.k8s.io/v1", "DeleteOptions", 627),
    ("scheduling.k8s.io/v1", "PriorityClass", 688),
    ("scheduling.k8s.io/v1", "PriorityClassList", 689),
    ("scheduling.k8s.io/v1", "WatchEvent", 804),
    ("scheduling.k8s.io/v1alpha1", "DeleteOptions", 627),
    ("scheduling.k8s.io/v1alpha1", "WatchEvent", 804),
    ("scheduling.k8s.io/v1beta1", "DeleteOptions", 627),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", 691),
    ("scheduling.k8s.io/v1beta1", "PriorityClassList", 692),
    ("scheduling.k8s.io/v1beta1", "WatchEvent", 804),
    ("storage.k8s.io/v1", "CSIDriver", 694),
    ("storage.k8s.io/v1", "CSIDriverList", 698),
    ("storage.k8s.io/v1", "CSINode", 700),
    ("storage.k8s.io/v1", "CSINodeList", 705),
    ("storage.k8s.io/v1", "DeleteOptions", 627),
    ("storage.k8s.io/v1", "StorageClass", 707),
    ("storage.k8s.io/v1", "StorageClassList", 709),
    ("storage.k8s.io/v1", "VolumeAttachment", 711),
    ("storage.k8s.io/v1", "VolumeAttachmentList", 716),
    ("storage.k8s.io/v1", "WatchEvent", 804),
    ("storage.k8s.io/v1alpha1", "DeleteOptions", 627),
    ("storage.k8s.io/v1alpha1", "WatchEvent", 804),
    ("storage.k8s.io/v1beta1", "CSIDriver", 718),
    ("storage.k8s.io/v1beta1", "CSIDriverList", 722),
    ("storage.k8s.io/v1beta1", "CSINode", 724),
    ("storage.k8s.io/v1beta1", "CSINodeList", 729),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 731),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacityList", 732),
    ("storage.k8s.io/v1beta1", "DeleteOptions", 627),
    ("storage.k8s.io/v1beta1", "StorageClass", 734),
    ("storage.k8s.io/v1beta1", "StorageClassList", 735),
    ("storage.k8s.io/v1beta1", "VolumeAttachment", 737),
    ("storage.k8s.io/v1beta1", "VolumeAttachmentList", 742),
    ("storage.k8s.io/v1beta1", "WatchEvent", 804),
    ("v1", "APIGroup", 789),
    ("v1", "APIGroupList", 794),
    ("v1", "APIResourceList", 797),
    ("v1", "APIVersions", 799),
    ("v1", "Binding", 351),
    ("v1", "ComponentStatus", 358),
    ("v1", "ComponentStatusList", 360),
    ("v1", "ConfigMap", 362),
    ("v1", "ConfigMapList", 363),
    ("v1", "DeleteOptions", 627),
    ("v1", "Endpoints", 378),
    ("v1", "EndpointsList", 380),
    ("v1", "Event", 382),
    ("v1", "EventList", 385),
    ("v1", "LimitRange", 390),
    ("v1", "LimitRangeList", 394),
    ("v1", "Namespace", 402),
    ("v1", "NamespaceList", 407),
    ("v1", "Node", 409),
    ("v1", "NodeList", 424),
    ("v1", "PersistentVolume", 426),
    ("v1", "PersistentVolumeClaim", 193),
    ("v1", "PersistentVolumeClaimList", 433),
    ("v1", "PersistentVolumeList", 434),
    ("v1", "Pod", 436),
    ("v1", "PodList", 443),
    ("v1", "PodTemplate", 445),
    ("v1", "PodTemplateList", 446),
    ("v1", "ReplicationController", 448),
    ("v1", "ReplicationControllerList", 453),
    ("v1", "ResourceQuota", 455),
    ("v1", "ResourceQuotaList", 461),
    ("v1", "Secret", 463),
    ("v1", "SecretList", 464),
    ("v1", "Service", 466),
    ("v1", "ServiceAccount", 474),
    ("v1", "ServiceAccountList", 477),
    ("v1", "ServiceList", 479),
    ("v1", "Status", 800),
    ("v1", "WatchEvent", 804),
];

/// Whether objects of a kind live in namespaces, sorted.
#[rustfmt::skip]
pub(super) static SCOPES: &[(&str, &str, bool)] = &[
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", false),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", false),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", false),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", false),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", false),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", false),
    ("apiregistration.k8s.io/v1", "APIService", false),
    ("apiregistration.k8s.io/v1beta1", "APIService", false),
    ("apps/v1", "ControllerRevision", true),
    ("apps/v1", "DaemonSet", true),
    ("apps/v1", "Deployment", true),
    ("apps/v1", "ReplicaSet", true),
    ("apps/v1", "StatefulSet", true),
    ("autoscaling/v1", "HorizontalPodAutoscaler", true),
    ("autoscaling/v1", "Scale", true),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", true),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", true),
    ("batch/v1", "CronJob", true),
    ("batch/v1", "Job", true),
    ("batch/v1beta1", "CronJob", true),
    ("certificates.k8s.io/v1", "CertificateSigningRequest", false),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", false),
    ("coordination.k8s.io/v1", "Lease", true),
    ("coordination.k8s.io/v1beta1", "Lease", true),
    ("discovery.k8s.io/v1", "EndpointSlice", true),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", true),
    ("events.k8s.io/v1", "Event", true),
    ("events.k8s.io/v1beta1", "Event", true),
    ("extensions/v1beta1", "Ingress", true),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", false),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", false),
    ("networking.k8s.io/v1", "Ingress", true),
    ("networking.k8s.io/v1", "IngressClass", false),
    ("networking.k8s.io/v1", "NetworkPolicy", true),
    ("networking.k8s.io/v1beta1", "Ingress", true),
    ("networking.k8s.io/v1beta1", "IngressClass", false),
    ("node.k8s.io/v1", "RuntimeClass", false),
    ("node.k8s.io/v1beta1", "RuntimeClass", false),
    ("policy/v1", "PodDisruptionBudget", true),
    ("policy/v1beta1", "PodDisruptionBudget", true),
    ("policy/v1beta1", "PodSecurityPolicy", false),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", false),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", false),
    ("rbac.authorization.k8s.io/v1", "Role", true),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", true),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", false),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", false),
    ("rbac.authorization.k8s.io/v1beta1", "Role", true),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", true),
    ("scheduling.k8s.io/v1", "PriorityClass", false),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", false),
    ("storage.k8s.io/v1", "CSIDriver", false),
    ("storage.k8s.io/v1", "CSINode", false),
    ("storage.k8s.io/v1", "StorageClass", false),
    ("storage.k8s.io/v1", "VolumeAttachment", false),
    ("storage.k8s.io/v1beta1", "CSIDriver", false),
    ("storage.k8s.io/v1beta1", "CSINode", false),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", true),
    ("storage.k8s.io/v1beta1", "StorageClass", false),
    ("storage.k8s.io/v1beta1", "VolumeAttachment", false),
    ("v1", "ComponentStatus", false),
    ("v1", "ConfigMap", true),
    ("v1", "Endpoints", true),
    ("v1", "Event", true),
    ("v1", "LimitRange", true),
    ("v1", "Namespace", false),
    ("v1", "Node", false),
    ("v1", "NodeProxyOptions", false),
    ("v1", "PersistentVolume", false),
    ("v1", "PersistentVolumeClaim", true),
    ("v1", "Pod", true),
    ("v1", "PodAttachOptions", true),
    ("v1", "PodExecOptions", true),
    ("v1", "PodPortForwardOptions", true),
    ("v1", "PodProxyOptions", true),
    ("v1", "PodTemplate", true),
    ("v1", "ReplicationController", true),
    ("v1", "ResourceQuota", true),
    ("v1", "Secret", true),
    ("v1", "Service", true),
    ("v1", "ServiceAccount", true),
    ("v1", "ServiceProxyOptions", true),
];
